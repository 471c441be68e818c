using ServeFlow.Cascade.OpenSet;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.OpenSet;

/// <summary>
/// Learns when flows are of no known class: from trials that leave each class out how signals add up, from known flows
/// where the threshold lies.
/// </summary>
/// <param name="models">What trains the tiers.</param>
/// <param name="flows">The training flows, and those of them that rules and thresholds are found on.</param>
/// <param name="folds">All training flows, divided.</param>
/// <param name="placed">The tiers and their rules.</param>
sealed class NoveltyTrainer(ModelTrainer models, (FlowSample All, FlowSample Calibration) flows,
    IReadOnlyList<SplitParts> folds, PlacedCascade placed)
{
    /// <summary>
    /// Parts of the captures, each measured by the openings of the others. A tenth left out changes openings little; a
    /// third, as the folds leave out, makes known flows look rarer than they are, and the budget would not be used.
    /// </summary>
    const int MaxOpeningParts = 10;

    readonly FlowSignals signals = new(flows.All.Data.WaitLimit);

    /// <summary>Gets whether a tier's model was made elsewhere and cannot be trained without a class.</summary>
    public required Func<ModelSpec, bool> IsImported { get; init; }

    /// <summary>Gets whether captures are divided whole.</summary>
    public required bool IsByCapture { get; init; }

    /// <param name="budget">Share of known flows that may be rejected.</param>
    public NoveltyModel Train(double budget, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var known = flows.Calibration;
        var calibrated = known.Select((_, position) => known.FlowIndex(position)).ToHashSet();
        var parts = folds.Select(fold => (fold.Train, Asked: Calibrated(fold.HeldOut))).ToList();
        var trial = parts.MaxBy(part => part.Asked.Count);
        var leftOut = new LeaveOneClassOut(models, trial.Train, trial.Asked, known, placed)
        {
            IsImported = IsImported,
        }.Run(progress, cancel);
        var judged = known.PositionsOf(trial.Asked).ToHashSet();
        var byFolds = Measure(parts);
        var measured = OpeningParts() is { } finer ? Measure(finer) : byFolds;
        var calibrator = new NoveltyCalibrator(known, measured, byFolds, judged.Contains, leftOut);
        var weights = calibrator.Weights();
        var unknown = calibrator.Calibrate(weights, budget);
        return new(weights, placed.Tiers.Select(t => t.Spec.Depth).Distinct()
            .ToDictionary(depth => depth, depth => signals.Count(flows.All, depth)), unknown,
            calibrator.LostRecall(weights, unknown))
        {
            IsRejected = calibrator.FindRejected(weights, unknown),
        };

        FlowSample Calibrated(FlowSample some) =>
            some.Subset([.. Enumerable.Range(0, some.Count).Where(p => calibrated.Contains(some.FlowIndex(p)))]);
    }

    /// <summary>Deals the captures out; null where there are too few, or captures are not divided whole.</summary>
    List<(FlowSample Train, FlowSample Asked)>? OpeningParts()
    {
        var places = flows.All.Groups.Distinct().Order().Index().ToDictionary(g => g.Item, g => g.Index);
        var count = Math.Min(MaxOpeningParts, places.Count);
        return !IsByCapture || count <= folds.Count ? null
            : [.. Enumerable.Range(0, count).Select(part => (
                Choose(flows.All, group => places[group] % count != part),
                Choose(flows.Calibration, group => places[group] % count == part)))];

        static FlowSample Choose(FlowSample some, Func<int, bool> isWanted) =>
            some.Subset([.. Enumerable.Range(0, some.Count).Where(p => isWanted(some.Groups[p]))]);
    }

    /// <summary>Measures every calibration flow by models of folds that it is not in and by openings of other
    /// captures.</summary>
    MeasuredFlows Measure(List<(FlowSample Train, FlowSample Asked)> parts)
    {
        var known = flows.Calibration;
        var tiers = placed.Tiers.Select(_ =>
            new TierSignals(new NoveltySignals[known.Count], new int[known.Count])).ToArray();
        foreach (var (train, asked) in parts)
        {
            var rows = known.PositionsOf(asked);
            foreach (var (number, tier) in placed.Tiers.Index())
            {
                var openings = signals.Count(train, tier.Spec.Depth).Compile(known.Data.Schema);
                var found = signals.Compute(asked, placed.SeenPredictions[number].Subset(rows),
                    placed.Calibration.Rules[number], openings, position => placed.View?.Packets(rows[position], number)
                        ?? signals.Packets(asked, position, tier.Spec.Depth));
                for (var i = 0; i < rows.Length; i++)
                {
                    tiers[number].Signals[rows[i]] = found.Signals[i];
                    tiers[number].Predicted[rows[i]] = found.Predicted[i];
                }
            }
        }

        return new([.. Enumerable.Range(0, known.Count).Select(placed.Calibration.Run.Tier)], tiers);
    }
}
