namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Tells which fronts of weighted F1 something is on: against the median and the mean time to an answer, and against
/// flows a second.
/// </summary>
public readonly record struct PlacementFronts(bool Median, bool Mean, bool Rate)
{
    public bool Any => Median || Mean || Rate;

    /// <summary>Computes the fronts of things described by weighted F1 and costs.</summary>
    public static IReadOnlyList<PlacementFronts> Compute(
        IReadOnlyList<(double F1, double MedianMs, double MeanMs, double ComputeNs)> points)
    {
        var median = ParetoFront.Compute([.. points.Select(p => (p.F1, p.MedianMs))]);
        var mean = ParetoFront.Compute([.. points.Select(p => (p.F1, p.MeanMs))]);
        var rate = ParetoFront.Compute([.. points.Select(p => (p.F1, p.ComputeNs))]);
        return [.. Enumerable.Range(0, points.Count).Select(i => new PlacementFronts(median[i], mean[i], rate[i]))];
    }
}
