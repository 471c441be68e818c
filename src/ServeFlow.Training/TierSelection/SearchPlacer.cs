using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Chooses tiers for an objective: searches all cascades, calibrates the best few for real, and takes the best of those
/// that keep what was asked for on the calibration flows.
/// </summary>
public sealed class SearchPlacer
{
    /// <summary>Limits the flows on which cascades are searched; what is chosen is calibrated on all.</summary>
    const int MaxFlows = 10_000;

    /// <summary>Calibrated for real, of each rung.</summary>
    const int Tried = 8;

    /// <summary>
    /// Calibration does better than the search's one threshold for all classes: what falls short by so little is
    /// tried all the same.
    /// </summary>
    const double SearchSlack = 0.003;

    /// <summary>Shares of the loss allowed that may be used up on calibration flows.</summary>
    static readonly double[] LossReserves = [0.25, 0.4, 0.6, 0.8, 1];

    readonly FlowSample flows;
    readonly IReadOnlyList<TierCandidate> candidates;
    readonly AssignmentGoal goal;
    readonly PlacementObjective objective;
    readonly IReadOnlyList<double> minF1;
    readonly PointSelection selection;
    readonly CascadeSearch search;
    readonly int sampled;

    /// <summary>Searches.</summary>
    /// <param name="flows">The calibration flows.</param>
    public SearchPlacer(FlowSample flows, IReadOnlyList<TierCandidate> candidates, AssignmentGoal goal,
        PlacementObjective objective, CancellationToken cancel = default)
    {
        this.flows = flows;
        this.candidates = candidates;
        this.goal = goal;
        this.objective = objective;
        var positions = EvenSample.Indices(flows.Count, MaxFlows);
        sampled = positions.Length;
        search = new([.. candidates.Select(c => c.Subset(positions))], flows.Subset(positions));
        (var leastCorrect, minF1) = Rungs();
        selection = search.Run(leastCorrect, objective, cancel);
    }

    /// <summary>The cascades that none beats, whatever was asked for.</summary>
    public CascadeFront Front => field ??= CascadeFront.From(search, selection.Front);

    /// <returns>Null where no cascade keeps the objective's limits.</returns>
    public PlacedCascade? Place()
    {
        var calibrated = new Dictionary<TierChoices, (PlacedCascade Placed, CascadePoint Point)>();
        foreach (var (points, least) in selection.ByRung.Zip(minF1))
        {
            var tried = points.Take(Tried).Select(p => p.Choices).ToList();
            foreach (var (choices, found) in Calibrate([.. tried.Where(choices => !calibrated.ContainsKey(choices))]))
            {
                calibrated[choices] = found;
            }

            var best = tried.Select(choices => calibrated[choices])
                .Where(found => found.Point.WeightedF1 >= least && objective.Allows(found.Point))
                .OrderBy(found => objective.Cost(found.Point)).FirstOrDefault();
            if (best.Placed is { } placed)
            {
                return placed;
            }
        }

        return null;
    }

    /// <summary>Side by side: calibrating is most of a placement's time.</summary>
    IEnumerable<(TierChoices, (PlacedCascade, CascadePoint))> Calibrate(IReadOnlyList<TierChoices> choices) =>
        choices.AsParallel().AsOrdered().Select(c =>
        {
            var placed = Calibrate(search.Describe(c));
            return (c, (placed, placed.Measure(flows)));
        }).ToList();

    PlacedCascade Calibrate(CascadePoint point)
    {
        var tiers = point.Tiers.Select(spec => candidates.First(c => c.Spec == spec)).ToList();
        return new(tiers, CascadeCalibrator.CalibrateTo(flows,
            [.. tiers.Select(t => new CalibrationTier(t.Spec.Depth, t.Predictions))],
            [.. point.Escalated.Select(count => (double)count / sampled)], goal));
    }

    /// <summary>
    /// The first rung keeps most of the loss that is allowed in reserve, because thresholds do worse on other captures
    /// than on those that they were chosen on; the last hardly any.
    /// </summary>
    /// <returns>Flows that must be answered rightly in the search, and weighted F1 after calibration.</returns>
    (IReadOnlyList<int> Correct, IReadOnlyList<double> F1) Rungs()
    {
        var slowF1 = candidates.Max(c => c.WeightedF1);
        var accuracy = (double)search.BestCorrect / sampled;
        (double Accuracy, double F1)[] rungs = (objective.Aim, objective.MinF1) switch
        {
            (PlacementAim.F1, _) => [(0, 0)],
            (_, { } least) => [(least, least)],
            _ =>
                [.. LossReserves.Select(share => (accuracy - (goal.MaxLoss * share), slowF1 - (goal.MaxLoss * share)))],
        };
        return ([.. rungs.Select(r => (int)((r.Accuracy - SearchSlack) * sampled))], [.. rungs.Select(r => r.F1)]);
    }
}
