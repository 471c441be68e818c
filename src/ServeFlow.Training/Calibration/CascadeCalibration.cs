using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>Represents a calibrated cascade.</summary>
/// <param name="Rules">The rules by tier, fitted on all calibration flows; the last answers everything.</param>
/// <param name="Tiers">What was chosen for each tier but the last.</param>
/// <param name="Run">What the cascade does with the calibration flows, each answered by rules that were fitted on other
/// parts of them.</param>
/// <param name="Estimate">What that loses.</param>
public sealed record CascadeCalibration(IReadOnlyList<TierRule> Rules, IReadOnlyList<TierCalibration> Tiers,
    CascadeRun Run, LossEstimate Estimate);

/// <summary>Represents the way of escalating that was chosen for one tier.</summary>
/// <param name="Rule">What the tier decides by.</param>
/// <param name="Kind">How its thresholds were found.</param>
/// <param name="Trials">All ways that were compared.</param>
public sealed record TierCalibration(TierRule Rule, AssignmentKind Kind, IReadOnlyList<AssignmentTrial> Trials);

/// <summary>Represents a way to escalate, and what it was worth on captures that its thresholds were not found
/// on.</summary>
/// <param name="Area">See <see cref="AssignmentArea"/>.</param>
public sealed record AssignmentTrial(UncertaintyMeasure Measure, AssignmentKind Kind, double Area);

/// <summary>Estimates what a cascade loses on captures that no part of it has seen.</summary>
/// <param name="Asked">Weighted F1 that may be lost; null where nothing was asked.</param>
/// <param name="Level">The level that is served and its estimate.</param>
/// <param name="Captures">The number of captures that the bounds rest on, or of groups where the labels name any.
/// </param>
public sealed record LossEstimate(double? Asked, LevelEstimate Level, int Captures)
{
    /// <summary>Gets the weighted F1 lost where everything, the tiers and the level included, was chosen on some
    /// parts of the flows and judged on another; null where that cannot be told.</summary>
    public double? NestedLoss { get; init; }

    /// <inheritdoc cref="Datasets.DataSet.GroupWord"/>
    public string GroupWord { get; init; } = "capture";

    /// <summary>Gets the largest capture's share of the flows.</summary>
    public double LargestCapture { get; init; }

    /// <summary>Gets the share of the flows lost that are of the three captures that lose most.</summary>
    public double WorstCaptures { get; init; }

    /// <summary>Gets whether no level but the strictest keeps what was asked: every flow is escalated.</summary>
    public bool EscalatesAll => Level.Level == 0;
}
