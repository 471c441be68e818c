namespace ServeFlow.Cascade;

/// <summary>Bounds of what a manifest may ask for; calibration stays within them.</summary>
public static class BundleLimits
{
    /// <summary>Most packets that a tier may wait for.</summary>
    public const int MaxPackets = 1000;

    /// <summary>Calibrated temperatures lie near 1; beyond these the probabilities say nothing any more.</summary>
    public const double MinTemperature = 0.05;

    /// <inheritdoc cref="MinTemperature"/>
    public const double MaxTemperature = 20;
}
