using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Training.Calibration;

/// <summary>Names a search for thresholds.</summary>
public enum AssignmentKind
{
    Universal,
    PerClass,
}

/// <summary>Says what a cascade's thresholds should achieve.</summary>
public sealed record AssignmentGoal
{
    /// <summary>
    /// Share that calibration aims for beyond what was asked, where it can be had: unseen captures never do quite as
    /// well as those that thresholds were chosen on.
    /// </summary>
    public const double CaughtReserve = 0.02;

    /// <summary>The same of the share answered on packet 1: on iot_device, held-back captures had 0.004 less than the
    /// calibration flows.</summary>
    public const double FirstPacketReserve = 0.01;

    /// <summary>
    /// Shares of the loss allowed that calibration aims for, one after the other. They begin low because thresholds
    /// do worse on other captures than on those that they were chosen on: on iot_device, where calibration flows lost
    /// 0.0025, held-back captures lost 0.004 to 0.009 (four splits, docs/evaluation.md).
    /// </summary>
    static readonly double[] LossReserves = [0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 0.9];

    /// <summary>Weighted F1 that the cascade may lose against the last tier on every flow.</summary>
    public double MaxLoss { get; init; } = 0.01;

    /// <summary>Share of the first tier's wrong answers that should be escalated.</summary>
    public double Caught { get; init; } = 0.95;

    /// <summary>Share of all flows that should be answered without waiting for more packets.</summary>
    public double FirstPacketShare { get; init; } = 0.5;

    /// <summary>
    /// Share of all flows that may wait for more packets, whatever that costs; null lets <see cref="MaxLoss"/> decide
    /// where not all can be had.
    /// </summary>
    public double? Budget { get; init; }

    /// <summary>The measure to use; null tries all.</summary>
    public UncertaintyMeasure? Measure { get; init; }

    /// <summary>Gets how probabilities are calibrated before anything is measured on them.</summary>
    public CalibrationKind Calibration { get; init; }

    /// <summary>Gets the search for thresholds; null tries both and prefers the universal one.</summary>
    public AssignmentKind? Kind { get; init; }

    /// <summary>
    /// Gets the attempts, step by step, for when not everything fits the share that may wait: first they give up the
    /// reserve of F1, little by little; then the reserve of errors caught; last the errors caught. The F1 that was
    /// promised stays.
    /// </summary>
    internal IReadOnlyList<(double Caught, double Loss)> Attempts =>
    [
        .. LossReserves.Select(share => (Math.Min(1, Caught + CaughtReserve), MaxLoss * share)),
        .. LossReserves.Select(share => (Caught, MaxLoss * share)),
        (0, MaxLoss * LossReserves[^1]),
    ];

    /// <summary>The most flows, as a share, that may wait for packets.</summary>
    internal double WaitShare => Budget ?? Math.Max(0, 1 - FirstPacketShare - FirstPacketReserve);
}
