namespace ServeFlow.Cascade.Bundles;

/// <summary>Bounds of what a manifest may ask for; calibration stays within them.</summary>
public static class BundleLimits
{
    /// <summary>Limits the number of packets that a tier may wait for.</summary>
    public const int MaxPackets = 1000;

    /// <summary>
    /// Bounds the length of a window, in milliseconds: capture times carry microseconds, and a flow waits at most a day
    /// for its answer.
    /// </summary>
    public const double MinWindowMs = 1;

    /// <inheritdoc cref="MinWindowMs"/>
    public const double MaxWindowMs = 86_400_000;

    /// <summary>Calibrated temperatures lie near 1; beyond these the probabilities say nothing any more.</summary>
    public const double MinTemperature = 0.05;

    /// <inheritdoc cref="MinTemperature"/>
    public const double MaxTemperature = 20;
}
