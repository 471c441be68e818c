using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Audits;

/// <summary>
/// Estimates how certain a difference of two weighted F1 is: captures are drawn with replacement, whole, because flows
/// of one capture resemble one another and are no independent evidence (cluster bootstrap, Davison and Hinkley 1997,
/// 3.8).
/// </summary>
sealed class CaptureBootstrap(FlowSample flows)
{
    /// <summary>Enough for a standard error to two digits.</summary>
    const int Resamples = 100;

    readonly int[][] groups =
        [.. Enumerable.Range(0, flows.Count).GroupBy(i => flows.Captures[i]).Select(g => g.ToArray())];

    /// <summary>Standard error of F1(<paramref name="answers"/>) − F1(<paramref name="others"/>).</summary>
    public double StandardErrorOfDifference(int[] answers, int[] others, Random random)
    {
        var differences = new double[Resamples];
        for (var draw = 0; draw < Resamples; draw++)
        {
            var (first, second) = (new ConfusionMatrix(flows.Classes.Count), new ConfusionMatrix(flows.Classes.Count));
            for (var g = 0; g < groups.Length; g++)
            {
                foreach (var position in groups[random.Next(groups.Length)])
                {
                    first.Add(flows.Labels[position], answers[position]);
                    second.Add(flows.Labels[position], others[position]);
                }
            }

            differences[draw] = first.WeightedF1 - second.WeightedF1;
        }

        return Scores.StandardDeviation(differences);
    }
}
