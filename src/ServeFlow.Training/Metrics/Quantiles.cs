namespace ServeFlow.Training.Metrics;

/// <summary>Computes quantiles, with linear interpolation between neighbours as NumPy does by default.</summary>
public static class Quantiles
{
    /// <summary>Steps of a curve: fine enough that a drawn line shows no corners.</summary>
    const int Steps = 200;

    /// <summary>Gets one quantile, or 0 where there are no values.</summary>
    /// <param name="sorted">The values, ascending.</param>
    /// <param name="share">Share of the values that lie below, 0 to 1.</param>
    public static double At(ReadOnlySpan<double> sorted, double share)
    {
        if (sorted.Length == 0)
        {
            return 0;
        }

        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>Gets quantiles at equal steps from the least value to the largest, for a curve.</summary>
    /// <param name="sorted">The values, ascending.</param>
    public static double[] Curve(double[] sorted) =>
        [.. Enumerable.Range(0, Steps + 1).Select(step => At(sorted, (double)step / Steps))];

    /// <summary>Gets the median, or 0 where there are no values.</summary>
    public static double Median(IEnumerable<long> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;
    }
}
