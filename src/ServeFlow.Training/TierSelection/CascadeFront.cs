namespace ServeFlow.Training.TierSelection;

/// <summary>Represents the cascades, single models among them, that none beats on the calibration flows.</summary>
public sealed class CascadeFront
{
    /// <summary>The search's one threshold for all classes knows no finer difference.</summary>
    const double MinGain = 1e-4;

    CascadeFront(IReadOnlyList<CascadePoint> points, IReadOnlyList<PlacementFronts> fronts)
    {
        Points = points;
        Fronts = fronts;
    }

    /// <summary>Gets the cascades by rising weighted F1.</summary>
    public IReadOnlyList<CascadePoint> Points { get; }

    /// <summary>Gets which fronts each is on; at least one.</summary>
    public IReadOnlyList<PlacementFronts> Fronts { get; }

    internal static CascadeFront From(CascadeSearch search, FrontPoints found)
    {
        var points = found.Points.AsParallel().AsOrdered().Select(p => search.Describe(p.Choices))
            .OrderBy(p => p.WeightedF1).ThenBy(p => p.MeanMs)
            .ThenBy(p => string.Join(',', p.Tiers), StringComparer.Ordinal)
            .ToList();
        var fronts = PlacementFronts.Compute(
            [.. points.Select(p => (Math.Round(p.WeightedF1 / MinGain) * MinGain, p.MedianMs,
            p.MeanMs, p.ComputeNs))]);
        var kept = points.Zip(fronts).Where(p => p.Second.Any).ToList();
        return new([.. kept.Select(p => p.First)], [.. kept.Select(p => p.Second)]);
    }
}
