namespace ServeFlow.Training.Placement;

/// <summary>What a cascade is chosen for.</summary>
public enum PlacementAim
{
    /// <summary>The least mean time to an answer.</summary>
    Mean,

    /// <summary>The least median time to an answer.</summary>
    Median,

    /// <summary>The most flows a second, which is the least computing per flow.</summary>
    Rate,

    /// <summary>The best weighted F1.</summary>
    F1,
}

/// <summary>An aim and its limits; what is null is no limit.</summary>
public sealed record PlacementObjective(PlacementAim Aim)
{
    /// <summary>Weighted F1 that must be reached, on calibration flows; null: what the goal's loss allows.</summary>
    public double? MinF1 { get; init; }

    public double? MaxMeanMs { get; init; }

    public double? MaxMedianMs { get; init; }

    /// <summary>Flows a second and core that computing must allow.</summary>
    public double? MinRate { get; init; }

    /// <summary>What the search makes small.</summary>
    internal double Cost(CascadePoint point) => Aim switch
    {
        PlacementAim.Mean => point.MeanMs,
        PlacementAim.Median => point.MedianMs,
        PlacementAim.Rate => point.ComputeNs,
        _ => -point.Accuracy,
    };

    internal bool Allows(CascadePoint point) => !(point.MeanMs > MaxMeanMs) && !(point.MedianMs > MaxMedianMs)
        && !(1e9 / point.ComputeNs < MinRate);
}
