namespace ServeFlow.Cascade.Drift;

/// <summary>Names what a figure tells of a window.</summary>
public enum DriftKind
{
    /// <summary>The mean confidence of all answers.</summary>
    Confidence,

    /// <summary>The classes that are answered.</summary>
    Mix,

    /// <summary>The share of flows of no known class.</summary>
    Unknown,

    /// <summary>The share of flows that a tier passes on.</summary>
    Escalated,

    /// <summary>The share of a class among the answers.</summary>
    Share,

    /// <summary>The mean confidence of a class's answers.</summary>
    Class,

    /// <summary>The share of flows with a value of the first packets above a threshold that trees ask for.</summary>
    Feature,
}

/// <summary>Represents a figure of the latest window.</summary>
/// <param name="Name">The class, the tier or the column that it is of; null where it is of none.</param>
/// <param name="Value">The figure; NaN where the window had no flows to tell it.</param>
/// <param name="Usual">The same in training.</param>
/// <param name="Score">How unusual the deviation is, as <see cref="DriftFigure.Score"/> has it.</param>
public sealed record DriftReading(DriftKind Kind, string? Name, double Value, double Usual, double Score);

/// <summary>Tells how the traffic compares with the baseline. Immutable; swapped whole.</summary>
public sealed record DriftState
{
    /// <summary>Gets the number of windows that were compared.</summary>
    public long Windows { get; init; }

    /// <summary>Gets the number of flows in them.</summary>
    public long Flows { get; init; }

    /// <summary>Gets how many drifts have begun.</summary>
    public long Alarms { get; init; }

    /// <summary>Gets the highest score of the latest window.</summary>
    public double Score { get; init; }

    /// <summary>Gets the same as a multiple of the score that raises an alarm: above 1 it does.</summary>
    public double Level { get; init; }

    /// <summary>Gets when the drift began, in nanoseconds of packet time since the Unix epoch; null where there is
    /// none.</summary>
    public long? SinceNs { get; init; }

    /// <summary>Gets the packet time of the last answer of the latest window.</summary>
    public long LastNs { get; init; }

    /// <summary>Gets all figures of the latest window; none before the first.</summary>
    public IReadOnlyList<DriftReading> Readings { get; init; } = [];
}

/// <summary>Tells that a drift began or is over.</summary>
/// <param name="IsBegin">Whether it began.</param>
/// <param name="SinceNs">When it began, in nanoseconds of packet time since the Unix epoch.</param>
/// <param name="State">What the window that showed it looked like.</param>
public sealed record DriftChange(bool IsBegin, long SinceNs, DriftState State);
