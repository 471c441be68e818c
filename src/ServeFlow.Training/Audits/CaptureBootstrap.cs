using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Audits;

/// <summary>
/// How sure a difference of two weighted F1 is: captures are drawn again with replacement, whole, because flows of one
/// capture resemble one another and are no independent evidence (cluster bootstrap, Davison and Hinkley 1997, 3.8).
/// </summary>
/// <param name="captures">The capture of each flow.</param>
/// <param name="labels">The true class of each flow.</param>
sealed class CaptureBootstrap(IReadOnlyList<int> captures, IReadOnlyList<int> labels, int classes)
{
    /// <summary>Enough for a standard error to two digits.</summary>
    const int Resamples = 100;

    readonly int[][] groups = [.. Enumerable.Range(0, labels.Count).GroupBy(i => captures[i]).Select(g => g.ToArray())];

    /// <summary>Standard error of F1(<paramref name="answers"/>) − F1(<paramref name="others"/>).</summary>
    public double StandardErrorOfDifference(IReadOnlyList<int> answers, IReadOnlyList<int> others, Random random)
    {
        var differences = new double[Resamples];
        for (var draw = 0; draw < Resamples; draw++)
        {
            var (first, second) = (new ConfusionMatrix(classes), new ConfusionMatrix(classes));
            for (var g = 0; g < groups.Length; g++)
            {
                foreach (var flow in groups[random.Next(groups.Length)])
                {
                    first.Add(labels[flow], answers[flow]);
                    second.Add(labels[flow], others[flow]);
                }
            }

            differences[draw] = first.WeightedF1 - second.WeightedF1;
        }

        return Scores.StandardDeviation(differences);
    }
}
