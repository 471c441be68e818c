using System.Collections.Concurrent;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.TierSelection;

/// <summary>Represents a chain at the level that was chosen for it.</summary>
/// <param name="Estimate">What that level is estimated to lose.</param>
/// <param name="Point">What the chain does there with the flows that it was chosen on.</param>
sealed record ChosenChain(ChainPath Path, LevelEstimate Estimate, CascadePoint Point);

/// <summary>
/// Chooses a chain, its way of escalating and its level: for each it walks from strict to lax to the last level that
/// the rule passes, and takes the chain that is preferred there. Every flow is answered by rules that were fitted on
/// other parts of the flows.
/// </summary>
/// <param name="flows">The calibration flows that candidates were measured on.</param>
/// <param name="parts">The part of each, from 0; no capture is in two.</param>
/// <param name="fitted">The tiers as they are calibrated on these flows.</param>
/// <param name="goal">Which ways of escalating may be used.</param>
/// <param name="rule">Which level is served.</param>
/// <param name="preference">Which of two chains is preferred.</param>
/// <param name="reference">The model that losses are counted against.</param>
/// <param name="firstDepth">Packets of the candidates that wait least.</param>
/// <param name="seed">The seed of the draws of captures.</param>
sealed class ChainChooser(FlowSample flows, int[] parts, CrossFittedTiers fitted, AssignmentGoal goal,
    LevelRule rule, IChainPreference preference, TierCandidate reference, int firstDepth, int seed)
{
    /// <summary>
    /// A less plain way is taken only where it answers this share more flows early: less is chance, and would not recur
    /// on other captures.
    /// </summary>
    const double MinEarlierShare = 0.02;

    /// <summary>Lists how much laxer each tier may be than the one before.</summary>
    static readonly double[] Paces = [1, 2, 4];

    /// <summary>Chooses among chains.</summary>
    /// <param name="positions">The flows to judge on; all where null.</param>
    /// <returns>Null where none keeps the rule and the preference's limits.</returns>
    public ChosenChain? Choose(IReadOnlyList<IReadOnlyList<TierCandidate>> chains, int[]? positions,
        CancellationToken cancel)
    {
        var judge = new ChainJudge(flows, positions, rule, preference, reference, seed);
        var plain = chains.AsParallel().AsOrdered().WithCancellation(cancel)
            .SelectMany(chain => PacesFor(chain).Select(pace => judge.Judge(Path(chain, goal.PlainWay, pace))))
            .ToList();
        var best = Best(plain);
        return best is null ? null : Refine(best, judge, cancel);
    }

    /// <summary>Takes a path at a given level.</summary>
    public ChosenChain At(ChainPath path, int level) =>
        new ChainJudge(flows, null, rule, preference, reference, seed).At(path, level);

    /// <summary>Estimates what choosing itself costs: all is chosen on some parts and judged on the one left out.
    /// </summary>
    /// <returns>Weighted F1 lost against the reference, without credit for flows that only early tiers are right about;
    /// null where there are too few parts.</returns>
    public double? NestedLoss(IReadOnlyList<IReadOnlyList<TierCandidate>> chains, CancellationToken cancel)
    {
        var answers = new int[flows.Count];
        foreach (var part in parts.Distinct())
        {
            int[] others = [.. Enumerable.Range(0, flows.Count).Where(flow => parts[flow] != part)];
            if (others.Length == 0 || Choose(chains, others, cancel) is not { } chosen)
            {
                return null;
            }

            foreach (var flow in Enumerable.Range(0, flows.Count).Where(flow => parts[flow] == part))
            {
                var tiers = chosen.Path.Tiers;
                answers[flow] = LostFlows.WithoutCredit(
                    tiers[chosen.Path.Tier(flow, chosen.Estimate.Level)].Predictions.TopClass(flow),
                    tiers[^1].Predictions.TopClass(flow), flows.Labels[flow]);
            }
        }

        var matrix = new Metrics.ConfusionMatrix(flows.Classes.Count);
        foreach (var (flow, label) in flows.Labels.Index())
        {
            matrix.Add(label, answers[flow]);
        }

        return reference.Predictions.Score(flows).WeightedF1 - matrix.WeightedF1;
    }

    /// <summary>Compares the ways of a tier by area; see <see cref="AssignmentArea"/>.</summary>
    public IReadOnlyList<AssignmentTrial> Trials(TierCandidate tier, TierCandidate last) =>
        [.. goal.Ways(tier.Predictions.Gains is not null).Select(fitted.Get(tier, last).Compare)];

    /// <summary>Tries other ways of escalating for a chain that was chosen by the plainest.</summary>
    ChosenChain Refine(ChosenChain plain, ChainJudge judge, CancellationToken cancel)
    {
        var chain = plain.Path.Tiers;
        var hasGains = chain.SkipLast(1).All(tier => tier.Predictions.Gains is not null);
        var ways = goal.Ways(hasGains);
        var tried = ways.AsParallel().AsOrdered().WithCancellation(cancel)
            .Select(way => judge.Judge(Path(chain, way, plain.Path.Pace))).OfType<ChosenChain>().ToList();
        var start = ways.Contains(goal.PlainWay) ? plain : tried.FirstOrDefault() ?? plain;
        return tried.Aggregate(start, (best, next) =>
            next.Estimate.FirstDepthShare > best.Estimate.FirstDepthShare + MinEarlierShare
            || (next.Estimate.FirstDepthShare >= best.Estimate.FirstDepthShare
                && next.Estimate.EarlyShare > best.Estimate.EarlyShare + MinEarlierShare) ? next : best);
    }

    ChosenChain? Best(IEnumerable<ChosenChain?> chains) => chains.OfType<ChosenChain>()
        .Aggregate((ChosenChain?)null, (best, next) => best is null || preference.Prefers(next, best) ? next : best);

    ChainPath Path(IReadOnlyList<TierCandidate> chain, AssignmentWay way, double pace) => new(chain,
        [.. chain.SkipLast(1).Select(tier => fitted.Get(tier, chain[^1]).Order(way))], pace, firstDepth);

    static IEnumerable<double> PacesFor(IReadOnlyList<TierCandidate> chain) => chain.Count > 2 ? Paces : Paces[..1];
}

/// <summary>Keeps each tier as it was calibrated before a given last one, so that chains which share the two share the
/// work. Shared by threads.</summary>
/// <param name="flows">The calibration flows.</param>
/// <param name="parts">The part of each, from 0; no capture is in two.</param>
/// <param name="calibration">How probabilities are calibrated.</param>
sealed class CrossFittedTiers(FlowSample flows, int[] parts, CalibrationKind calibration)
{
    readonly ConcurrentDictionary<(TierCandidate Tier, TierCandidate Last), CrossFittedTier> fitted = [];

    public CrossFittedTier Get(TierCandidate tier, TierCandidate last) => fitted.GetOrAdd((tier, last), pair =>
        new(flows, parts, pair.Tier.Predictions, pair.Last.Predictions, calibration));
}

/// <summary>Walks chains to the level that is served, on some of the flows. Shared by threads.</summary>
sealed class ChainJudge
{
    readonly FlowSample flows;
    readonly int[] positions;
    readonly LevelRule rule;
    readonly IChainPreference preference;
    readonly TierCandidate reference;
    readonly CaptureDraws draws;
    readonly ConcurrentDictionary<TierCandidate, LossWalk> walks = [];

    /// <param name="flows">All flows.</param>
    /// <param name="positions">The flows to judge on; all where null.</param>
    public ChainJudge(FlowSample flows, int[]? positions, LevelRule rule, IChainPreference preference,
        TierCandidate reference, int seed)
    {
        this.positions = positions ?? [.. Enumerable.Range(0, flows.Count)];
        this.flows = flows.Subset(this.positions);
        (this.rule, this.preference, this.reference) = (rule, preference, reference);
        draws = CaptureDraws.Create(this.flows, seed, CaptureDraws.ForBounds);
    }

    /// <summary>Walks a path to the level that is served.</summary>
    /// <returns>Null where no level keeps the rule and the limits.</returns>
    public ChosenChain? Judge(ChainPath path)
    {
        if (rule.Find(Walk(path)) is not { } found)
        {
            return null;
        }

        // Back to stricter levels where the preference has limits that the laxest breaks.
        for (var level = found.Level; level >= 0; level--)
        {
            var point = path.Measure(flows, level, positions);
            if (preference.Allows(point))
            {
                return new(path, level == found.Level ? found : Walk(path).ElementAt(level), point);
            }
        }

        return null;
    }

    /// <summary>Takes a path at a given level.</summary>
    public ChosenChain At(ChainPath path, int level) =>
        new(path, Walk(path).ElementAt(level), path.Measure(flows, level, positions));

    IEnumerable<LevelEstimate> Walk(ChainPath path) => Walk(path.Tiers[^1]).Walk(
        [.. path.Tiers.SkipLast(1).Select(tier => Of(Answers(tier)))], Array.ConvertAll(path.Levels, Of),
        path.FirstDepths);

    LossWalk Walk(TierCandidate last) => walks.GetOrAdd(last, tier =>
    {
        var slow = Predictions(tier);
        return new(flows, slow, tier == reference ? slow : Predictions(reference), draws);
    });

    Predictions Predictions(TierCandidate tier) => tier.Predictions.Subset(positions);

    static int[] Answers(TierCandidate tier) =>
        [.. Enumerable.Range(0, tier.Predictions.Flows).Select(tier.Predictions.TopClass)];

    T[] Of<T>(T[] byFlow) => Array.ConvertAll(positions, position => byFlow[position]);
}
