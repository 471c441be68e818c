using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Finds the temperature under which a model's probabilities explain the calibration flows best: the one that
/// minimises their negative log-likelihood, which is convex in 1/temperature, so golden section finds it.
/// </summary>
public static class TemperatureFit
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

        var sample = EvenSample.Indices(flows.Count, MaxFlows)
            .Select(i => (Logs(predictions[i]), flows.Labels[i])).ToArray();
        var inverse = GoldenSection(1 / MaxTemperature, 1 / MinTemperature, b => NegativeLogLikelihood(sample, b));
        return 1 / inverse;
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

    static double NegativeLogLikelihood((double[] Logs, int Label)[] sample, double inverse)
    {
        var sum = 0.0;
        foreach (var (logs, label) in sample)
        {
            var normaliser = 0.0;
            foreach (var log in logs)
            {
                normaliser += Math.Exp(log * inverse);
            }

            sum += Math.Log(normaliser) - (logs[label] * inverse);
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
}
