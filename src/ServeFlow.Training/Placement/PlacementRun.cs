using ServeFlow.Training.Calibration;

namespace ServeFlow.Training.Placement;

/// <summary>Chooses the tiers as they were asked for, and finds the cascades that none beats beside them.</summary>
public sealed class PlacementRun
{
    /// <exception cref="InputException">No cascade keeps the objective's limits.</exception>
    public PlacementRun(IReadOnlyList<int> labels, IReadOnlyList<TierCandidate> candidates, TrainRequest request,
        CancellationToken cancel)
    {
        Candidates = candidates;
        Goal = request.Goal;
        Objective = request.Tiers is null ? request.Objective : null;
        IsGiven = request.Tiers is not null;
        var search = new SearchPlacer(labels, candidates, Goal, Objective ?? new(PlacementAim.Mean), cancel);
        Front = search.Front;
        var ladder = new Placer(labels, candidates, Goal);
        Cascade = request.Tiers is { } tiers ? ladder.Place(tiers)
            : Objective is null ? ladder.Place()
            : search.Place() ?? throw new InputException("no cascade keeps these limits on the calibration flows; allow "
                + "more time, a lower rate or a lower F1, or give more --models and --depths");
    }

    public IReadOnlyList<TierCandidate> Candidates { get; }

    public AssignmentGoal Goal { get; }

    /// <summary>What was searched for; null where the goal or the tiers themselves were given.</summary>
    public PlacementObjective? Objective { get; }

    /// <summary>Whether the tiers were asked for by name.</summary>
    public bool IsGiven { get; }

    public PlacedCascade Cascade { get; }

    public CascadeFront Front { get; }
}
