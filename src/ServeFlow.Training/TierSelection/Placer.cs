using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.TierSelection;

/// <summary>Tiers and their calibration.</summary>
public sealed record PlacedCascade(IReadOnlyList<TierCandidate> Tiers, CascadeCalibration Calibration)
{
    /// <summary>Gets the escalation timeouts of the tiers; null waits to the wait limit.</summary>
    public FittedEscalationTimeouts? EscalationTimeouts { get; init; }

    /// <summary>Gets what the tiers see of the calibration flows where they do not wait to the limit.</summary>
    internal CascadeView? View { get; init; }

    /// <summary>Gets each tier's predictions on the packets that the cascade waits for.</summary>
    internal IReadOnlyList<Predictions> SeenPredictions => View?.Tiers ?? [.. Tiers.Select(t => t.Predictions)];

    /// <summary>Measures what the cascade does with the calibration flows.</summary>
    public CascadePoint Measure(FlowSample flows) => CascadePoint.Measure(Tiers, flows,
        flow => (Calibration.Run.Tier(flow), Calibration.Run.Answer(flow)), View is null ? null : View.ReadyNs);

    /// <summary>The same tiers under other rules.</summary>
    public PlacedCascade With(IReadOnlyList<TierRule> rules) => this with
    {
        Calibration = Calibration with { Rules = rules, Run = CascadeRun.ByRules(rules, SeenPredictions) },
    };
}

/// <summary>
/// Chooses which candidates become tiers: the last is the one that scores best on everything, before it stand one or
/// two cheaper ones, and every such chain is calibrated and compared by what it does.
/// </summary>
public sealed class Placer
{
    /// <summary>
    /// Weighted F1 by which a model that waits longer must be better to become the last tier: less is chance.
    /// </summary>
    const double MinGainForWaiting = 0.002;

    /// <summary>Share of the flows that a chain must keep from waiting, beyond another, to be preferred.</summary>
    const double MinShareForTier = 0.01;

    /// <summary>Weighted F1 by which a second kind of model on the same packets may fall short of the first.</summary>
    const double MaxShortfall = 0.03;

    /// <summary>
    /// Only a latency this many times lower counts: computing is estimated, and what it takes varies with the machine.
    /// </summary>
    const double MinSpeedup = 2;

    /// <summary>Limits the flows on which chains are compared; what was chosen is calibrated on all.</summary>
    const int MaxFlows = 20_000;

    readonly FlowSample flows;
    readonly IReadOnlyList<TierCandidate> candidates;
    readonly AssignmentGoal goal;

    public Placer(FlowSample flows, IReadOnlyList<TierCandidate> candidates, AssignmentGoal goal)
    {
        this.flows = flows;
        this.candidates = candidates;
        this.goal = goal;
    }

    /// <summary>Calibrates the tiers that were asked for.</summary>
    public PlacedCascade Place(IReadOnlyList<ModelSpec> specs) =>
        Calibrate([.. specs.Select(s => candidates.First(c => c.Spec == s))], flows);

    /// <summary>Chooses the tiers.</summary>
    public PlacedCascade Place()
    {
        var positions = EvenSample.Indices(flows.Count, MaxFlows);
        var sampled = flows.Subset(positions);
        List<TierCandidate>? best = null;
        Outcome? bestOutcome = null;
        foreach (var chain in Chains())
        {
            var placed = Calibrate([.. chain.Select(c => c.Subset(positions))], sampled);
            var outcome = Outcome.From(placed);
            if (bestOutcome is null || outcome.IsBetterThan(bestOutcome))
            {
                (best, bestOutcome) = (chain, outcome);
            }
        }

        return Calibrate(best!, flows);
    }

    PlacedCascade Calibrate(IReadOnlyList<TierCandidate> tiers, FlowSample some) => new(tiers,
        CascadeCalibrator.Calibrate(some, [.. tiers.Select(t => new CalibrationTier(t.Spec.Depth, t.Predictions))],
            goal));

    /// <summary>Chains of up to three tiers, short ones first; the last scores best.</summary>
    internal IEnumerable<List<TierCandidate>> Chains()
    {
        var slow = Slowest();
        var ordered = candidates.OrderBy(c => c.Spec.Depth).ThenBy(c => c.NsPerFlow).ToList();
        var firstDepth = ordered[0].Spec.Depth;
        var firsts = ordered.Where(c => c.Spec.Depth == firstDepth && Precedes(c, slow)).ToList();
        if (firsts.Count == 0)
        {
            yield return [slow];
        }

        foreach (var first in firsts)
        {
            yield return [first, slow];
        }

        foreach (var first in firsts)
        {
            foreach (var middle in ordered.Where(m => MayFollow(first, m) && Precedes(m, slow)))
            {
                yield return [first, middle, slow];
            }
        }
    }

    /// <summary>
    /// A tier is worth having before another if it costs less: fewer packets, or as many and less computing.
    /// </summary>
    static bool Precedes(TierCandidate a, TierCandidate b) => a.WeightedF1 < b.WeightedF1
        && (a.Spec.Depth < b.Spec.Depth || (a.Spec.Depth == b.Spec.Depth && a.NsPerFlow < b.NsPerFlow));

    /// <summary>
    /// Determines whether a model may follow another. On the same packets another kind of model need not be better on
    /// everything: it sees only what the first was unsure of, and its probabilities may tell sure from unsure more
    /// finely.
    /// </summary>
    static bool MayFollow(TierCandidate first, TierCandidate second) => Precedes(first, second)
        || (first.Spec.Depth == second.Spec.Depth && first.Spec.Model != second.Spec.Model
            && first.NsPerFlow < second.NsPerFlow && second.WeightedF1 >= first.WeightedF1 - MaxShortfall);

    TierCandidate Slowest()
    {
        var best = candidates.Max(c => c.WeightedF1);
        return candidates.Where(c => c.WeightedF1 >= best - MinGainForWaiting)
            .OrderBy(c => c.Spec.Depth).ThenByDescending(c => c.WeightedF1).First();
    }

    /// <summary>Holds what a chain does with the calibration flows.</summary>
    sealed record Outcome(int Attempt, double LatencyNs, double WaitShare)
    {
        public static Outcome From(PlacedCascade placed)
        {
            var run = placed.Calibration.Run;
            var latencies = Enumerable.Range(0, run.Flows).Select(f => TimeToAnswer(placed.Tiers, f, run.Tier(f)));
            var firstDepth = placed.Tiers[0].Spec.Depth;
            var waiting = Enumerable.Range(0, run.Flows).Count(f => placed.Tiers[run.Tier(f)].Spec.Depth > firstDepth);
            return new(placed.Calibration.Attempt, Quantiles.Median(latencies), (double)waiting / run.Flows);
        }

        public bool IsBetterThan(Outcome other)
        {
            if (Attempt != other.Attempt)
            {
                return Attempt < other.Attempt;
            }

            return LatencyNs * MinSpeedup < other.LatencyNs
                || (LatencyNs < other.LatencyNs * MinSpeedup && WaitShare < other.WaitShare - MinShareForTier);
        }

        static long TimeToAnswer(IReadOnlyList<TierCandidate> tiers, int flow, int answering)
        {
            var time = 0.0;
            for (var t = 0; t <= answering; t++)
            {
                time = Math.Max(time, tiers[t].ReadyNs[flow]) + tiers[t].NsPerFlow;
            }

            return (long)time;
        }
    }
}
