using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.TierSelection;

/// <summary>Chooses the tiers as they were asked for, and finds the cascades that none beats beside them.</summary>
public sealed class PlacementRun
{
    /// <param name="flows">The calibration flows.</param>
    /// <param name="options">The tiers that were asked for, or what to choose them by.</param>
    /// <exception cref="InputException">No cascade keeps the objective's limits.</exception>
    public PlacementRun(FlowSample flows, IReadOnlyList<TierCandidate> candidates, PlacementOptions options,
        CancellationToken cancel)
    {
        Candidates = candidates;
        Goal = options.Goal;
        Objective = options.Objective;
        IsGiven = options.Tiers is not null;
        var search = new SearchPlacer(flows, candidates, Goal, Objective ?? new(PlacementAim.Mean), cancel);
        Front = search.Front;
        var ladder = new Placer(flows, candidates, Goal);
        Cascade = options.Tiers is { } tiers ? ladder.Place(tiers)
            : Objective is null ? ladder.Place()
            : search.Place()
            ?? throw new InputException("no cascade keeps these limits on the calibration flows; allow "
                + "more time, a lower rate or a lower F1, or give more kinds of models and packet depths")
            {
                Settings = [Setting.Models, Setting.Depths],
            };
        SplitHalf = SplitHalfCheck.Compute(Cascade, flows, Calibrate);
    }

    public IReadOnlyList<TierCandidate> Candidates { get; }

    public AssignmentGoal Goal { get; }

    /// <summary>Gets the objective of the search; null where the goal or the tiers themselves were given.</summary>
    public PlacementObjective? Objective { get; }

    /// <summary>Gets whether the tiers were asked for by name.</summary>
    public bool IsGiven { get; }

    public PlacedCascade Cascade { get; }

    public CascadeFront Front { get; }

    /// <summary>Gets the split-half check of the chosen cascade; null where that cannot be told.</summary>
    public SplitHalfCheck? SplitHalf { get; }

    /// <summary>Finds thresholds for the chosen tiers as they were found, on some of the flows.</summary>
    CascadeCalibration Calibrate(FlowSample flows, IReadOnlyList<CalibrationTier> tiers)
    {
        var run = Cascade.Calibration.Run;
        return Objective is null
            ? CascadeCalibrator.Calibrate(flows, tiers, Goal)
            : CascadeCalibrator.CalibrateTo(flows, tiers,
                [.. Enumerable.Range(0, tiers.Count - 1).Select(t => (double)run.Escalated(t) / run.Flows)], Goal);
    }
}
