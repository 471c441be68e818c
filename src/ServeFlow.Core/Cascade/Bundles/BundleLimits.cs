namespace ServeFlow.Cascade.Bundles;

/// <summary>Bounds of what a manifest may ask for; calibration stays within them.</summary>
public static class BundleLimits
{
    /// <summary>
    /// Limits the number of packets that a tier may wait for: a minute of a video at 2 Mbit/s, of which an undecided
    /// flow keeps 1.9 MB.
    /// </summary>
    public const int MaxPackets = 10_000;

    /// <summary>Limits the tiers to the number that a decided flow's state can tell apart.</summary>
    public const int MaxTiers = 64;

    /// <summary>Limits the labels to the number that a decided flow's state can tell apart.</summary>
    public const int MaxLabels = (1 << 14) - 1;

    /// <summary>
    /// Limits the bytes of a text of the manifest: a path takes at most 4,096, and up to six bytes for each as JSON.
    /// </summary>
    public const int MaxTextBytes = 32_768;

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
