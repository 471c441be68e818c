using ServeFlow.Training.Calibration;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.TierSelection;

/// <summary>Says what the tiers of a cascade are to be, or what they are to be chosen for.</summary>
public sealed record PlacementOptions
{
    /// <summary>Gets what thresholds are chosen for, and the tiers too where nothing else says how.</summary>
    public AssignmentGoal Goal { get; init; } = new();

    /// <summary>Gets the tiers that were asked for by name; null chooses them.</summary>
    public IReadOnlyList<ModelSpec>? Tiers { get; init; }

    /// <summary>Gets what tiers are searched for where none were named; null chooses as few tiers as do what
    /// <see cref="Goal"/> asks.</summary>
    public PlacementObjective? Objective { get => Tiers is null ? field : null; init; }

    /// <summary>Gets what is promised of the early answers; null where nothing is.</summary>
    public LossPromise? Promise { get; init; }

    /// <summary>Gets the seed of the draws of captures that losses are bounded by.</summary>
    public int Seed { get; init; }

    /// <summary>Gets the share of the goal's loss that may go for waiting less long than the wait limit; 0 waits to the
    /// limit with all flows.</summary>
    public double EscalationTimeoutShare { get; init; }

    /// <summary>Gets what another placement of the same candidates calibrated; null where there was none.</summary>
    internal CrossFittedTiers? Fitted { get; init; }
}
