using ServeFlow.Cascade;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// Answers flows as serving does: protocols that training had none of are answered <c>unknown</c> at once, tiers wait
/// no longer than their escalation timeouts, and each decides by its thresholds and whether the flow is of an unknown
/// class.
/// </summary>
sealed class ServedAnswers
{
    readonly CascadePlan plan;
    readonly FlowSample flows;

    ServedAnswers(CascadePlan plan, FlowSample flows, Action<TierPlan, int>? report, CancellationToken cancel)
    {
        (this.plan, this.flows) = (plan, flows);
        Depths = [.. plan.Tiers.Select(tier => tier.PacketDepth)];
        Tiers = [.. plan.Tiers.Select((tier, number) =>
        {
            report?.Invoke(tier, number);
            return FlowScorer.ScoreTier(plan, tier, flows, cancel);
        })];
        Waits = new FlowWaits(flows, plan.WaitLimit);
        View = CascadeView.From(Waits, Depths, Tiers, [.. plan.Tiers.Select(EscalationTimeoutRule.From)],
            (tier, some, packets) => new FlowScorer(Depths[tier], plan.WaitLimit, plan.Tiers[tier].CreateScorer)
                .Score(some, packets, plan.Labels.Count, cancel));
        var closed = CascadeRun.ByRules([.. plan.Tiers.Select(tier => tier.Rule)], View.Tiers);
        Novelty = NoveltyRun.Create(plan, closed, View, flows, IsAtOnce);
        Asked = closed.WithUnknownAtOnce(IsAtOnce);
        Answered = (Novelty?.Answers ?? closed).WithUnknownAtOnce(IsAtOnce);
    }

    /// <summary>Gets the packets that each tier waits for.</summary>
    public int[] Depths { get; }

    /// <summary>Gets each tier's predictions on the packets that come within the wait limit.</summary>
    public IReadOnlyList<Predictions> Tiers { get; }

    public FlowWaits Waits { get; }

    /// <summary>Gets what the cascade's tiers see.</summary>
    public CascadeView View { get; }

    /// <summary>Gets what checking for unknown classes did; null where the tiers give every flow a class.</summary>
    public NoveltyRun? Novelty { get; }

    /// <summary>Gets the answers without the check for unknown classes: each flow that a tier was asked about has a
    /// class.</summary>
    public CascadeRun Asked { get; }

    /// <summary>Gets the answers.</summary>
    public CascadeRun Answered { get; }

    /// <param name="report">Is told which tier scores next, and its number.</param>
    public static ServedAnswers Compute(CascadePlan plan, FlowSample flows, CancellationToken cancel,
        Action<TierPlan, int>? report = null) => new(plan, flows, report, cancel);

    /// <summary>Gets the answers of one tier that serves every flow alone.</summary>
    public CascadeRun Alone(int tier) => CascadeRun.SingleTier(Tiers, tier).WithUnknownAtOnce(IsAtOnce);

    /// <summary>Gets the answers where each flow goes to the first tier that is right.</summary>
    public CascadeRun ByOracle() => CascadeRun.ByOracle(Tiers, flows).WithUnknownAtOnce(IsAtOnce);

    /// <summary>Determines whether a flow is answered without asking a tier, as of a protocol that training had none
    /// of.</summary>
    public bool IsAtOnce(int flow) => plan.Protocols is { } protocols && flows[flow].Protocol is var protocol
        && protocol.IsKnown && !protocols.Include(protocol.IpVersion, protocol.Transport);
}
