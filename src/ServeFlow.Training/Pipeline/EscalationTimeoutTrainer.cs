using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Training.Pipeline;

/// <summary>
/// Chooses how long each tier of a placed cascade waits, and says what the cascade then sees. Timeouts go on along the
/// path of the thresholds: levels of ever larger losses that may be spent on them, each judged by timeouts that were
/// fitted on other parts of the flows, and the last before the first that fails is served. The laxest thresholds may
/// leave so little of the loss that flows wait long: stricter ones are tried too, and taken where the time saved is
/// worth the early answers given up.
/// </summary>
sealed class EscalationTimeoutTrainer
{
    /// <summary>Limits the flows on which right answers are counted: more do not change what is chosen.</summary>
    const int MaxFlows = 20_000;

    /// <summary>Limits the packets of the last tier: flows are scored on every number of packets up to it.</summary>
    const int MaxDepth = 1_000;

    /// <summary>
    /// The levels from strict to lax: the shortest timeout that may be chosen, in seconds, and what may be lost, in
    /// multiples of the share. A long timeout changes few answers, so the first levels change few. Fitting counts a
    /// deviation of what changes as lost, so it stops early; whether more may be spent is for the judgement to say.
    /// </summary>
    static readonly (double ShortestSeconds, double Spending)[] Levels =
    [
        (50, 1), (40, 1), (30, 1), (25, 1), (20, 2), (15, 2), (10, 2), (7, 2), (5, 4), (3, 4), (2, 4), (1, 8), (0.5, 8),
        (0.2, 8), (0.05, 8),
    ];

    /// <summary>Limits the levels of thresholds that are given up for shorter waits: a tenth of the flows.</summary>
    const int MaxGivenUp = 5;

    /// <summary>
    /// Mean times of the last tier alone that an early answer is worth: a point of early answers is given up for a
    /// twentieth of that time.
    /// </summary>
    const double TimesPerEarlyAnswer = 5;

    readonly PlacedCascade placed;
    readonly PlacementRun run;
    readonly ChosenChain chosen;
    readonly int[] sample;
    readonly FlowSample flows;
    readonly PacketPredictions predictions;

    EscalationTimeoutTrainer(PlacedCascade placed, PlacementRun run, ChosenChain chosen)
    {
        (this.placed, this.run, this.chosen) = (placed, run, chosen);
        sample = EvenSample.Indices(run.Flows.Count, MaxFlows);
        flows = run.Flows.Subset(sample);
        predictions = new(new(flows, flows.Data.WaitLimit), Depths(placed),
            [.. placed.Tiers.Select(t => t.Predictions.Subset(sample))], Score);
    }

    /// <summary>Takes the same tiers at another level of their thresholds.</summary>
    EscalationTimeoutTrainer(EscalationTimeoutTrainer other, ChosenChain chosen)
    {
        (run, sample, flows, predictions) = (other.run, other.sample, other.flows, other.predictions);
        (placed, this.chosen) = (run.ToCascade(chosen), chosen);
    }

    /// <param name="share">Share of the flows that may be lost for it.</param>
    public static PlacedCascade FitTimeouts(PlacedCascade placed, PlacementRun run, ChosenChain chosen, double share,
        CancellationToken cancel) => placed.Tiers.Count < 2 || placed.Tiers[^1].Spec.Depth == placed.Tiers[0].Spec.Depth
            || placed.Tiers[^1].Spec.Depth > MaxDepth || placed.Calibration.Estimate.EscalatesAll
            || placed.Tiers.Any(t => t.ScorePackets is null)
            ? placed
            : new EscalationTimeoutTrainer(placed, run, chosen).FitBest(share, cancel);

    /// <summary>Fits timeouts at the level that was chosen and at stricter ones; takes what is worth most.</summary>
    PlacedCascade FitBest(double share, CancellationToken cancel)
    {
        var best = Fit(share, cancel);
        var worth = Worth(best);
        var level = chosen.Estimate.Level;
        var least = run.MayGiveUpEarlyAnswers ? Math.Max(1, level - MaxGivenUp) : level;
        while (--level >= least)
        {
            var stricter = new EscalationTimeoutTrainer(this, run.AtLevel(chosen.Path, level)).Fit(share, cancel);
            if (Worth(stricter) is var other && other > worth)
            {
                (best, worth) = (stricter, other);
            }
        }

        var givenUp = chosen.Estimate.FirstDepthShare - best.Calibration.Estimate.Level.FirstDepthShare;
        return best.EscalationTimeouts is { } timeouts
            ? best with { EscalationTimeouts = timeouts with { GivenUpShare = givenUp } }
            : best;
    }

    /// <summary>Computes what early answers and short waits are worth together, in shares of the flows.</summary>
    double Worth(PlacedCascade cascade) => cascade.Calibration.Estimate.Level.FirstDepthShare
        - (cascade.Measure(run.Flows).MeanMs * 1e6 / cascade.Tiers[^1].ReadyNs.Average() / TimesPerEarlyAnswer);

    PlacedCascade Fit(double share, CancellationToken cancel)
    {
        var parts = Array.ConvertAll(sample, flow => run.Parts[flow]);
        var fits = Enumerable.Range(0, parts.Max() + 1).Select(part => Create(PartRules(part), part, parts)).ToList();
        var rule = Rule(share);
        var judge = new LossWalk(flows, placed.Tiers[^1].Predictions.Subset(sample),
            run.Reference.Predictions.Subset(sample),
            CaptureDraws.Create(flows, run.Seed, CaptureDraws.ForBounds));
        var served = new EscalationTimeoutFit(new(predictions, placed.Calibration.Rules),
            [.. Enumerable.Range(0, flows.Count)], placed.Tiers[0].Predictions.Classes);
        (LevelEstimate Estimate, long[][][] Timeouts, FittedEscalationTimeouts Served)? passing = null;
        for (var level = 0; level < Levels.Length; level++)
        {
            foreach (var (fit, _, fitted) in fits)
            {
                Lower(fit, level, share * fitted, cancel);
            }

            var outcomes = fits.SelectMany((fit, part) => Judged(fit, part, parts)).OrderBy(o => o.Flow).ToList();
            var estimate = judge.Judge(chosen.Estimate.Level, [.. outcomes.Select(o => o.Outcome.Label)],
                chosen.Estimate.EarlyShare, chosen.Estimate.FirstDepthShare);
            if (!rule.Passes(estimate))
            {
                break;
            }

            long[][][] timeouts = [.. fits.Select(fit => Copy(fit.Fit.TimeoutsNs))];
            Lower(served, level, share * flows.Count, cancel);
            if (!KeepsPromise(timeouts, served.TimeoutsNs))
            {
                break;
            }

            passing = (estimate, timeouts, served.ToFitted());
        }

        return passing is { } found ? Serve(found.Served, found.Estimate, found.Timeouts) : placed;
    }

    static void Lower(EscalationTimeoutFit fit, int level, double lost, CancellationToken cancel) =>
        fit.Lower(Levels[level].Spending * lost, (long)(Levels[level].ShortestSeconds * 1e9), cancel);

    /// <summary>Returns the rule for everything together; where the loss is not bounded, timeouts may add their share
    /// to it.</summary>
    LevelRule Rule(double share) => new(run.MaxLoss is { } most && run.Goal.Budget is null
        ? most
        : chosen.Estimate.LossBound + share);

    /// <summary>Tests a promise on all flows, and of thresholds and timeouts together.</summary>
    /// <param name="timeouts">The timeouts by part.</param>
    /// <param name="served">Those that would be served.</param>
    bool KeepsPromise(long[][][] timeouts, IReadOnlyList<long[]> served)
    {
        var rules = placed.Calibration.Rules;
        return run.Promise is not { } promise || PromisedLevel.Holds(run, promise, placed.Tiers[^1].Predictions,
            AnswerByParts(timeouts), CascadeRun.ByRules(rules, View(run.Flows, Whole, rules, served).Tiers));
    }

    /// <summary>Fits timeouts to a part's rules on the flows of the others.</summary>
    (EscalationTimeoutFit Fit, EscalationTimeoutTable Table, int Flows) Create(TierRule[] rules, int part, int[] parts)
    {
        var table = new EscalationTimeoutTable(predictions, rules);
        int[] others = [.. Enumerable.Range(0, flows.Count).Where(flow => parts[flow] != part)];
        return (new(table, others, placed.Tiers[0].Predictions.Classes), table, others.Length);
    }

    static IEnumerable<(int Flow, FlowOutcome Outcome)> Judged((EscalationTimeoutFit Fit, EscalationTimeoutTable Table,
        int Flows) fitted, int part, int[] parts) => Enumerable.Range(0, parts.Length)
            .Where(flow => parts[flow] == part)
            .Select(flow => (flow, fitted.Table.Simulate(flow, fitted.Fit.TimeoutsNs)));

    TierRule[] PartRules(int part) =>
        [.. chosen.Path.PartRules(part, chosen.Estimate.Level), placed.Calibration.Rules[^1]];

    /// <summary>Serves timeouts that were fitted on all flows; what they do is told by those of the parts.</summary>
    PlacedCascade Serve(FittedEscalationTimeouts fitted, LevelEstimate estimate, long[][][] timeouts)
    {
        var answers = AnswerByParts(timeouts);
        return placed with
        {
            EscalationTimeouts = fitted,
            View = View(run.Flows, Whole, placed.Calibration.Rules, fitted.TimeoutsNs),
            Calibration = placed.Calibration with
            {
                Run = answers,
                Estimate = ChainCalibration.Estimate(answers, estimate, run),
            },
        };
    }

    /// <summary>Answers every flow by the rules and timeouts of its part.</summary>
    CascadeRun AnswerByParts(long[][][] timeouts)
    {
        var (tiers, answers) = (new int[run.Flows.Count], new int[run.Flows.Count]);
        foreach (var part in Enumerable.Range(0, timeouts.Length))
        {
            int[] inside = [.. Enumerable.Range(0, tiers.Length).Where(flow => run.Parts[flow] == part)];
            var rules = PartRules(part);
            var view = View(run.Flows.Subset(inside), [.. Whole.Select(p => p.Subset(inside))], rules, timeouts[part]);
            var answered = CascadeRun.ByRules(rules, view.Tiers);
            foreach (var (row, flow) in inside.Index())
            {
                (tiers[flow], answers[flow]) = (answered.Tier(row), answered.Answer(row));
            }
        }

        return CascadeRun.From(tiers, answers);
    }

    IReadOnlyList<Predictions> Whole => [.. placed.Tiers.Select(t => t.Predictions)];

    CascadeView View(FlowSample some, IReadOnlyList<Predictions> whole, IReadOnlyList<TierRule> rules,
        IReadOnlyList<IReadOnlyList<long>?> timeoutsNs) => CascadeView.From(new(some, some.Data.WaitLimit),
            Depths(placed), whole, [.. rules.Zip(timeoutsNs, (rule, ns) =>
                ns is null ? null : new EscalationTimeoutRule(rule, ns))], Score);

    Predictions Score(int tier, FlowSample some, int[] packets) => placed.Tiers[tier].ScorePackets!(some, packets);

    static long[][] Copy(IReadOnlyList<long[]> timeouts) => [.. timeouts.Select(ns => ns.ToArray())];

    static int[] Depths(PlacedCascade placed) => [.. placed.Tiers.Select(t => t.Spec.Depth)];
}
