using ServeFlow.Training.Calibration;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.TierSelection;

/// <summary>What the tiers of a cascade are to be, or what they are to be chosen for.</summary>
public sealed record PlacementOptions
{
    /// <summary>Gets what thresholds are chosen for, and the tiers too where nothing else says how.</summary>
    public AssignmentGoal Goal { get; init; } = new();

    /// <summary>Gets the tiers that were asked for by name; null chooses them.</summary>
    public IReadOnlyList<ModelSpec>? Tiers { get; init; }

    /// <summary>Gets what tiers are searched for where none were named; null chooses as few tiers as do what
    /// <see cref="Goal"/> asks.</summary>
    public PlacementObjective? Objective { get => Tiers is null ? field : null; init; }
}
