using ServeFlow.Training.Calibration;

namespace ServeFlow.Training.Placement;

/// <summary>
/// Chooses tiers for an objective: searches all cascades, calibrates the best few for real, and takes the best of those
/// that keep what was asked for on the calibration flows.
/// </summary>
public sealed class SearchPlacer
{
    /// <summary>Cascades are searched on so many flows at the most; what is chosen is calibrated on all.</summary>
    const int MostFlows = 10_000;

    /// <summary>Calibrated for real, of each rung.</summary>
    const int Tried = 8;

    /// <summary>
    /// Calibration does better than the search's one threshold for all classes: what falls short by so little is
    /// tried all the same.
    /// </summary>
    const double SearchSlack = 0.003;

    /// <summary>Shares of the loss allowed that may be used up on calibration flows.</summary>
    static readonly double[] LossReserves = [0.25, 0.4, 0.6, 0.8, 1];

    readonly IReadOnlyList<int> labels;
    readonly IReadOnlyList<TierCandidate> candidates;
    readonly AssignmentGoal goal;
    readonly PlacementObjective objective;
    readonly double slowF1;

    public SearchPlacer(IReadOnlyList<int> labels, IReadOnlyList<TierCandidate> candidates, AssignmentGoal goal,
        PlacementObjective objective)
    {
        this.labels = labels;
        this.candidates = candidates;
        this.goal = goal;
        this.objective = objective;
        slowF1 = candidates.Max(c => c.WeightedF1);
    }

    /// <summary>Cascades that none beats in accuracy and mean time, as of the latest <see cref="Place"/>.</summary>
    public IReadOnlyList<CascadePoint> Front { get; private set; } = [];

    /// <returns>Null where no cascade keeps the objective's limits.</returns>
    public PlacedCascade? Place(CancellationToken cancel = default)
    {
        var stride = 1 + ((labels.Count - 1) / MostFlows);
        int[] flows = [.. Enumerable.Range(0, labels.Count).Where(f => f % stride == 0)];
        var search = new CascadeSearch([.. candidates.Select(c => c.Of(flows))], [.. flows.Select(f => labels[f])]);
        var rungs = Rungs(search.BestAccuracy);
        var selection = search.Run(() => new(rungs, objective), cancel);
        Front = selection.Front.Points;
        return selection.ByRung.Zip(rungs)
            .Select(rung => Best(rung.First.Take(Tried), rung.Second.WeightedF1, flows.Length))
            .FirstOrDefault(best => best is not null);
    }

    PlacedCascade? Best(IEnumerable<MeasuredPoint> points, double leastF1, int sampled) => points
        .Select(point => Calibrate(point.Point, sampled))
        .Where(placed => WeightedF1(placed) >= leastF1)
        .MinBy(placed => objective.Cost(Measure(placed)));

    PlacedCascade Calibrate(CascadePoint point, int sampled)
    {
        var tiers = point.Tiers.Select(spec => candidates.First(c => c.Spec == spec)).ToList();
        return new(tiers, CascadeCalibrator.CalibrateTo(labels,
            [.. tiers.Select(t => new CalibrationTier(t.Spec.Depth, t.Predictions))],
            [.. point.Escalated.Select(count => (double)count / sampled)], goal));
    }

    double WeightedF1(PlacedCascade placed) =>
        placed.Calibration.Run.Score(labels, placed.Tiers[0].Predictions.Classes).WeightedF1;

    /// <summary>What a calibrated cascade does, on every calibration flow.</summary>
    CascadePoint Measure(PlacedCascade placed)
    {
        var (run, tiers) = (placed.Calibration.Run, placed.Tiers);
        var compute = Enumerable.Range(0, tiers.Count)
            .Sum(t => tiers[t].NsPerFlow * (t == 0 ? run.Flows : run.Escalated(t - 1)) / run.Flows);
        var ready = Enumerable.Range(0, run.Flows).Select(f => tiers[run.Tier(f)].ReadyNs[f]).ToArray();
        var right = Enumerable.Range(0, run.Flows).Count(f => run.Answer(f) == labels[f]);
        return new([.. tiers.Select(t => t.Spec)], [], (double)right / run.Flows, 0,
            (ready.Average() + compute) / 1e6, (TierCandidate.Median(ready) + compute) / 1e6, compute);
    }

    /// <summary>
    /// The first rung keeps most of the loss that is allowed in reserve, because thresholds do worse on other captures
    /// than on those that they were chosen on; the last hardly any.
    /// </summary>
    IReadOnlyList<PlacementRung> Rungs(double accuracy) => (objective.Aim, objective.MinF1) switch
    {
        (PlacementAim.F1, _) => [new(0, 0)],
        (_, { } least) => [new(least - SearchSlack, least)],
        _ => [.. LossReserves.Select(share => goal.MaxLoss * share)
            .Select(loss => new PlacementRung(accuracy - loss - SearchSlack, slowF1 - loss))],
    };
}
