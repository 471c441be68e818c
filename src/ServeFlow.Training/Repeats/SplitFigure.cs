using MathNet.Numerics.Distributions;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Repeats;

/// <summary>Represents a figure over several divisions of the same captures.</summary>
/// <param name="Deviation">The standard deviation between splits; 0 where there is one.</param>
/// <param name="Interval">The 95 % interval of the mean; null where there are fewer than two splits.</param>
/// <param name="Values">The figure of each split.</param>
public sealed record SplitFigure(string Name, double Mean, double Deviation, Interval? Interval, double Min, double Max,
    IReadOnlyList<double> Values)
{
    /// <summary>
    /// Computes mean, deviation and interval. The splits share captures, so that the plain interval of Student's t is
    /// far too narrow; the variance is enlarged by test over training captures (corrected resampled t: Nadeau and
    /// Bengio, "Inference for the Generalization Error", 2003).
    /// </summary>
    /// <param name="holdOut">The share of the captures that each split tested on.</param>
    public static SplitFigure From(string name, IReadOnlyList<double> values, double holdOut)
    {
        var mean = values.Average();
        var deviation = values.Count < 2
            ? 0
            : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return new(name, mean, deviation, IntervalOf(mean, deviation, values.Count, holdOut), values.Min(),
            values.Max(), values);
    }

    /// <summary>Gets the same with an interval that ends where the figure must.</summary>
    public SplitFigure Within(double least, double most) => this with
    {
        Interval = Interval is { } interval
            ? new(Math.Clamp(interval.Low, least, most), Math.Clamp(interval.High, least, most))
            : null,
    };

    static Interval? IntervalOf(double mean, double deviation, int splits, double holdOut)
    {
        if (splits < 2)
        {
            return null;
        }

        var error = deviation * Math.Sqrt((1.0 / splits) + (holdOut / (1 - holdOut)));
        var half = error * StudentT.InvCDF(0, 1, splits - 1, (1 + Metrics.Interval.Confidence) / 2);
        return new(mean - half, mean + half);
    }
}
