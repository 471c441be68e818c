using System.Runtime.InteropServices;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Finds the temperature under which a model's probabilities explain the calibration flows best: the one that
/// minimises their negative log-likelihood, which is convex in 1/temperature, so golden section finds it.
/// </summary>
static class TemperatureFit
{
    /// <summary>Below this many flows a fit would follow chance: the probabilities are left as they are.</summary>
    const int MinFlows = 20;

    /// <summary>
    /// Bounds of what is fitted, well inside <see cref="BundleLimits"/>: a model that is right on every flow would
    /// otherwise run to the edge.
    /// </summary>
    const double MinTemperature = 0.2, MaxTemperature = 10;

    /// <summary>Limits the iterations; more change nothing that a threshold could notice.</summary>
    const int Iterations = 40;

    const int MaxFlows = 50_000;

    /// <param name="predictions">Raw probabilities, a row for each flow.</param>
    /// <param name="flows">The flows that reach the tier.</param>
    public static double Fit(Predictions predictions, FlowSample flows)
    {
        if (flows.Count < MinFlows)
        {
            return 1;
        }

        var (numbers, rows) = (new Dictionary<float[], int>(RowEquality.Instance), new List<double[]>());
        var sample = Array.ConvertAll(EvenSample.Indices(flows.Count, MaxFlows), flow =>
            (Row: NumberOf(predictions[flow].ToArray()), Label: flows.Labels[flow]));
        var normalisers = new double[rows.Count];
        var inverse = GoldenSection(1 / MaxTemperature, 1 / MinTemperature,
            b => NegativeLogLikelihood(sample, rows, normalisers, b));
        return 1 / inverse;

        // First packets are alike in many flows, and with them a tier's probabilities: each row is computed once.
        int NumberOf(float[] row)
        {
            if (!numbers.TryGetValue(row, out var number))
            {
                numbers.Add(row, number = rows.Count);
                rows.Add(Logs(row));
            }

            return number;
        }
    }

    internal static double GoldenSection(double low, double high, Func<double, double> f)
    {
        var ratio = (Math.Sqrt(5) - 1) / 2;
        var (a, b) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
        var (fa, fb) = (f(a), f(b));
        for (var i = 0; i < Iterations; i++)
        {
            if (fa < fb)
            {
                (high, b, fb) = (b, a, fa);
                a = high - (ratio * (high - low));
                fa = f(a);
            }
            else
            {
                (low, a, fa) = (a, b, fb);
                b = low + (ratio * (high - low));
                fb = f(b);
            }
        }

        return (low + high) / 2;
    }

    /// <param name="sample">The row and the class of each flow.</param>
    /// <param name="rows">Logarithms of probabilities.</param>
    /// <param name="normalisers">Room for a number for each of the rows.</param>
    static double NegativeLogLikelihood((int Row, int Label)[] sample, List<double[]> rows, double[] normalisers,
        double inverse)
    {
        for (var row = 0; row < normalisers.Length; row++)
        {
            var normaliser = 0.0;
            foreach (var log in rows[row])
            {
                normaliser += Math.Exp(log * inverse);
            }

            normalisers[row] = Math.Log(normaliser);
        }

        var sum = 0.0;
        foreach (var (row, label) in sample)
        {
            sum += normalisers[row] - (rows[row][label] * inverse);
        }

        return sum;
    }

    /// <summary>Relative to the largest, so that no exponential can overflow.</summary>
    static double[] Logs(ReadOnlySpan<float> probabilities)
    {
        var logs = new double[probabilities.Length];
        var top = double.NegativeInfinity;
        for (var c = 0; c < logs.Length; c++)
        {
            logs[c] = Math.Log(Math.Max(probabilities[c], Temperature.Floor));
            top = Math.Max(top, logs[c]);
        }

        for (var c = 0; c < logs.Length; c++)
        {
            logs[c] -= top;
        }

        return logs;
    }

    /// <summary>Compares rows of probabilities bit by bit.</summary>
    sealed class RowEquality : IEqualityComparer<float[]>
    {
        public static readonly RowEquality Instance = new();

        public bool Equals(float[]? a, float[]? b) => Bytes(a).SequenceEqual(Bytes(b));

        public int GetHashCode(float[] row)
        {
            var hash = new HashCode();
            hash.AddBytes(Bytes(row));
            return hash.ToHashCode();
        }

        static ReadOnlySpan<byte> Bytes(float[]? row) => MemoryMarshal.AsBytes<float>(row);
    }
}
