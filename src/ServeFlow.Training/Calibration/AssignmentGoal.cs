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
    /// <summary>Gets the weighted F1 that the cascade may lose against the last tier on every flow, on other
    /// captures.</summary>
    public double MaxLoss { get; init; } = 0.01;

    /// <summary>
    /// Share of all flows that may wait for more packets, whatever that costs; null lets <see cref="MaxLoss"/> decide.
    /// </summary>
    public double? Budget { get; init; }

    /// <summary>Gets the measure to use; null tries all.</summary>
    public UncertaintyMeasure? Measure { get; init; }

    /// <summary>Gets how probabilities are calibrated before anything is measured on them.</summary>
    public CalibrationKind Calibration { get; init; }

    /// <summary>Gets the search for thresholds; null tries both and prefers the universal one.</summary>
    public AssignmentKind? Kind { get; init; }

    /// <summary>Gets the plainest way to escalate that may be used.</summary>
    internal AssignmentWay PlainWay => new(Measure is { } asked and not UncertaintyMeasure.ExpectedGain
        ? asked
        : UncertaintyMeasure.Margin, Kind ?? AssignmentKind.Universal);

    /// <summary>Lists the ways to escalate that may be used, the plainest first.</summary>
    /// <param name="hasGains">Whether gains are expected of the flows: then an expected gain may be used too.</param>
    internal IReadOnlyList<AssignmentWay> Ways(bool hasGains)
    {
        UncertaintyMeasure[] measures = Measure is { } asked
            && (asked != UncertaintyMeasure.ExpectedGain || hasGains)
            ? [asked]
            :
            [
                UncertaintyMeasure.Margin, UncertaintyMeasure.LeastConfidence, UncertaintyMeasure.Entropy,
                .. hasGains ? new[] { UncertaintyMeasure.ExpectedGain } : [],
            ];
        AssignmentKind[] kinds = Kind is { } kind ? [kind] : [AssignmentKind.Universal, AssignmentKind.PerClass];
        return [.. kinds.SelectMany(_ => measures, (kind, measure) => new AssignmentWay(measure, kind))];
    }
}
