using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.OpenSet;

/// <summary>Leaves each class out in turn: the tiers are trained without it and asked about its flows.</summary>
/// <param name="models">What trains the tiers.</param>
/// <param name="trained">The flows that a trial is trained on, less a class.</param>
/// <param name="known">The calibration flows that a trial is asked about as known ones, less the class.</param>
/// <param name="flows">All calibration flows.</param>
/// <param name="placed">The tiers and their rules, found on the calibration flows.</param>
sealed class LeaveOneClassOut(ModelTrainer models, FlowSample trained, FlowSample known, FlowSample flows,
    PlacedCascade placed)
{
    /// <summary>
    /// Limits the boosting rounds of a trial: there are as many trials as classes, and what is strange to a model is so
    /// after few rounds.
    /// </summary>
    const int MaxRounds = 30;

    /// <summary>Specifies the number of flows of a kind in a trial: enough for a share to a tenth of a
    /// percent.</summary>
    const int MaxFlows = 5000;

    readonly FlowSignals signals = new(flows.Data.WaitLimit);
    readonly IReadOnlyList<TierRule> rules = TrialRules(placed);
    int done;

    /// <summary>Gets whether a tier's model was made elsewhere and cannot be trained without a class.</summary>
    public required Func<ModelSpec, bool> IsImported { get; init; }

    /// <summary>
    /// Trials run side by side, each on one thread, so that the outcome does not depend on their number.
    /// </summary>
    public LeftOutClass[] Run(IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        int[] classes = [.. flows.Labels.Distinct().Order()];
        var trials = new LeftOutClass[classes.Length];
        var options = new ParallelOptions
        {
            CancellationToken = cancel,
            MaxDegreeOfParallelism = models.Options.Threads,
        };
        Parallel.For(0, classes.Length, options, i =>
        {
            trials[i] = Run(classes[i], cancel);
            lock (trials)
            {
                progress.Report(new((double)++done / classes.Length, $"without {flows.Classes[classes[i]]}"));
            }
        });
        return trials;
    }

    LeftOutClass Run(int label, CancellationToken cancel)
    {
        var train = trained.Where(flow => flow.Label != label);
        var others = known.Where(flow => flow.Label != label).EvenlySampled(MaxFlows);
        var asked = others.Concat(flows.Where(flow => flow.Label == label).EvenlySampled(MaxFlows));
        var tiers = placed.Tiers.Select(t => IsImported(t.Spec)
            ? t.Predictions.Subset(flows.PositionsOf(asked)).Without(label)
            : Predict(t, train, asked, cancel)).ToList();
        var run = CascadeRun.ByRules(rules, tiers);
        int[] rows = [.. Enumerable.Range(0, asked.Count)];
        var measured = new MeasuredFlows([.. rows.Select(run.Tier)],
        [
            .. placed.Tiers.Select((t, i) => signals.Compute(asked, tiers[i], rules[i],
                signals.Count(train, t.Spec.Depth).Compile(flows.Data.Schema),
                position => signals.Packets(asked, position, t.Spec.Depth))),
        ]);
        return new(label, measured.Subset(rows[..others.Count]), measured.Subset(rows[others.Count..]));
    }

    /// <summary>
    /// Gets the rules of tiers that are trained without a class. A tier that escalates by expected gain has no gain
    /// model there: it escalates the same share of its flows by its confidence instead.
    /// </summary>
    static IReadOnlyList<TierRule> TrialRules(PlacedCascade placed) =>
    [
        .. placed.Calibration.Rules.Select((rule, number) =>
            rule.Measure == UncertaintyMeasure.ExpectedGain ? ByConfidence(placed, rule, number) : rule),
    ];

    static TierRule ByConfidence(PlacedCascade placed, TierRule rule, int number)
    {
        var (run, predictions) = (placed.Calibration.Run, placed.SeenPredictions[number]);
        var byConfidence = rule with { Measure = UncertaintyMeasure.LeastConfidence };
        var room = new float[predictions.Classes];
        int[] reached = [.. Enumerable.Range(0, run.Flows).Where(flow => run.Tier(flow) >= number)];
        double[] uncertainties = [.. reached.Select(flow =>
            (double)predictions.Decide(byConfidence, flow, room).Uncertainty).OrderDescending()];
        var escalated = reached.Count(flow => run.Tier(flow) > number);
        var threshold = escalated < uncertainties.Length ? uncertainties[escalated] : -1;
        return byConfidence with { Thresholds = [.. Enumerable.Repeat(threshold, predictions.Classes)] };
    }

    Predictions Predict(TierCandidate tier, FlowSample train, FlowSample asked, CancellationToken cancel)
    {
        var options = models.Options with { Threads = 1, Rounds = Math.Min(tier.Rounds, MaxRounds) };
        var model = models.Train(tier.Spec, train, options, null, cancel);
        var compiled = ModelTrainer.Compile(model, tier.Spec, train.Data.Schema);
        return new FlowScorer(tier.Spec.Depth, train.Data.WaitLimit, compiled.CreateScorer)
            .Score(asked, train.Classes.Count, cancel);
    }
}
