using ServeFlow.Cascade;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>Runs a cascade that answers <c>unknown</c>, and scores those answers.</summary>
sealed class NoveltyRun
{
    readonly CascadeRun closed;
    readonly float[] novelties;
    readonly bool[] isUnknown;

    NoveltyRun(CascadeRun closed, float[] novelties, bool[] isUnknown)
    {
        this.closed = closed;
        this.novelties = novelties;
        this.isUnknown = isUnknown;
    }

    /// <summary>Gets the cascade's answers, <see cref="ConfusionMatrix.Unanswered"/> where it names no class.</summary>
    public CascadeRun Answers => closed.WithUnknown(flow => isUnknown[flow]);

    /// <param name="isOfUnknownProtocol">Whether the flow at a position is answered without asking a tier.</param>
    /// <returns>Null where the plan's tiers give every flow a class.</returns>
    public static NoveltyRun? Create(CascadePlan plan, CascadeRun closed, CascadeView view, FlowSample flows,
        Func<int, bool> isOfUnknownProtocol)
    {
        if (!plan.ChecksNovelty)
        {
            return null;
        }

        var (novelties, isUnknown) = (new float[flows.Count], new bool[flows.Count]);
        var probabilities = new float[plan.Labels.Count];
        for (var flow = 0; flow < flows.Count; flow++)
        {
            var number = closed.Tier(flow);
            var tier = plan.Tiers[number];
            view.Tiers[number][flow].CopyTo(probabilities);
            var decision = tier.Decide(probabilities);
            novelties[flow] = isOfUnknownProtocol(flow)
                ? 1
                : tier.Novelty!.ComputeNovelty(decision, flows.Packets(flow)[..view.Packets(flow, number)]);
            isUnknown[flow] = isOfUnknownProtocol(flow)
                || tier.Novelty!.IsUnknown(novelties[flow], decision.LabelId);
        }

        return new(closed, novelties, isUnknown);
    }

    /// <param name="sample">The flows; classes from <paramref name="known"/> on are not the bundle's.</param>
    /// <param name="known">Number of classes of the bundle.</param>
    /// <param name="budget">Share of known flows that may be answered unknown.</param>
    public UnknownReport Report(FlowSample sample, int known, double budget)
    {
        var labels = sample.Labels;
        var flows = labels.Index().ToLookup(l => l.Item >= known, l => l.Index);
        int[] rejected = [.. flows[false].Where(f => isUnknown[f])];
        float[] negative = [.. flows[false].Select(f => novelties[f])];
        var openSet = new ConfusionMatrix(known + 1);
        for (var f = 0; f < labels.Length; f++)
        {
            openSet.Add(Math.Min(labels[f], known), isUnknown[f] ? known : closed.Answer(f));
        }

        return new()
        {
            Budget = budget,
            Known = negative.Length,
            Rejected = rejected.Length,
            RejectedWrong = rejected.Count(f => closed.Answer(f) != labels[f]),
            WeightedF1Closed = closed.Score(sample).WeightedF1,
            OpenSet = openSet,
            Auroc = flows[true].Any() ? RocArea.Compute(negative, [.. flows[true].Select(f => novelties[f])]) : null,
            UnknownClasses = [.. flows[true].GroupBy(f => labels[f]).OrderBy(g => g.Key)
                .Select(g => new UnknownClassScore(
                sample.Classes[g.Key], g.Count(), RocArea.Compute(negative, [.. g.Select(f => novelties[f])]),
                (double)g.Count(f => isUnknown[f]) / g.Count()))],
        };
    }
}
