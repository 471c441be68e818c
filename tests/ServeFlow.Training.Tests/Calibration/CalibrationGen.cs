using CsCheck;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Datasets;

namespace ServeFlow.Training.Tests.Calibration;

/// <summary>Random calibration flows, with the heavy ties that tree leaves make.</summary>
static class CalibrationGen
{
    public const int Classes = 4;

    static readonly Gen<int> Class = Gen.Int[0, Classes - 1];

    public static readonly Gen<AssignmentSample[]> Samples =
        Gen.Select(Class, Class, Class, Gen.Int[0, 6], (label, fast, slow, level) =>
            new AssignmentSample(label, fast, slow, level / 6f)).Array[1, 80];

    /// <summary>Flows, and predictions of three tiers that are right ever more often.</summary>
    /// <param name="captures">The capture of each flow; null puts all into one.</param>
    public static (FlowSample Flows, List<Predictions> Tiers) Tiers(int flows, int seed, int[]? captures = null)
    {
        var random = new Random(seed);
        var labels = Enumerable.Range(0, flows).Select(_ => random.Next(Classes)).ToArray();
        double[] skills = [0.55, 0.75, 0.92];
        return (FlowSets.Sample(labels, Classes, captures),
            [.. skills.Select(skill => Predict(labels, skill, random))]);
    }

    /// <summary>Probabilities in coarse steps; the surer ones are right more often.</summary>
    static Predictions Predict(int[] labels, double skill, Random random)
    {
        var predictions = new Predictions(labels.Length, Classes);
        for (var flow = 0; flow < labels.Length; flow++)
        {
            var sure = random.Next(1, 6) / 6f;
            var right = random.NextDouble() < skill + ((1 - skill) * sure * 0.8);
            var top = right ? labels[flow] : random.Next(Classes);
            var row = predictions[flow];
            row.Fill((1 - sure) / Classes);
            row[top] += sure;
        }

        return predictions;
    }
}
