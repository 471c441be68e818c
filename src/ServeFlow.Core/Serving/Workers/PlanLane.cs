using ServeFlow.Cascade;
using ServeFlow.Cascade.Drift;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Units;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Holds what one worker needs of one plan: the batches of its tiers, and the headers of the flows that it is to
/// answer. A flow stays with the lane that it began in, whatever answers the flows after it. Made on any thread; used
/// by the worker's alone from then on.
/// </summary>
sealed class PlanLane
{
    /// <summary>Holds which packets a flow keeps; a field, as a property would copy it for each packet.</summary>
    public readonly CollectionRule Rule;

    /// <param name="model">The plan's number in <paramref name="plans"/>.</param>
    /// <param name="plans">The plans of the process.</param>
    /// <param name="headers">Room for headers, deep enough for the plan, by the slots of its task.</param>
    /// <param name="task">The task that the plan answers, from 0.</param>
    public PlanLane(CascadePlan plan, int model, ServedPlans plans, PendingHeaders headers, int task = 0)
    {
        Model = (ushort)model;
        Task = task;
        Codes = plans.CodesOf(model);
        TierNumbers = plans.TierNumbersOf(model);
        LabelNumbers = plans.LabelNumbersOf(model);
        Headers = headers;
        Depths = [.. plan.Tiers.Select(tier => tier.PacketDepth)];
        Waiting = new int[Depths.Length];
        Batches = [.. plan.Tiers.Select(tier => new TierBatch(tier))];
        if (plan.Tiers[^1].Compiled is RemoteModel { Waits: false } remote)
        {
            Away = new(remote.Remote, Depths[^1], remote.Classes);
            Before = new(plan.Tiers[^2]);
        }

        Timeouts = EscalationTimeout.FromPlan(plan);
        Protocols = plan.Protocols;
        Rule = new(Depths[^1], plan.WaitLimit, new(plan.Window));
        WaitLimit = plan.WaitLimit;
    }

    public ushort Model { get; }

    /// <summary>Gets the task that it answers, from 0.</summary>
    public int Task { get; }

    /// <summary>
    /// Gets or sets what counts the answers, to compare them with those of training; null where nobody does. Set from
    /// any thread: answers that are given meanwhile may still be counted by the one before.
    /// </summary>
    public DriftCounter? Drift { get; set; }

    public AnswerCodes Codes { get; }

    /// <summary>Gets, by tier, its place in counts by tier.</summary>
    public int[] TierNumbers { get; }

    /// <summary>Gets, by label, its place in counts by label.</summary>
    public int[] LabelNumbers { get; }

    public PendingHeaders Headers { get; }

    public int[] Depths { get; }

    public TierBatch[] Batches { get; }

    public EscalationTimeout[] Timeouts { get; }

    /// <summary>Gets the flows that a remote last tier is to answer; null where it is computed here.</summary>
    public AwayFlows? Away { get; }

    /// <summary>Gets the flows that the tier before a remote one answers in its place; null where there is
    /// none.</summary>
    public TierBatch? Before { get; }

    /// <summary>Gets the protocols that training knew; null asks the tiers about any flow.</summary>
    public TrainedProtocols? Protocols { get; }

    public TimeSpan WaitLimit { get; }

    /// <summary>
    /// Gets or sets the place among the worker's lanes; meaningless while the worker does not have the lane.
    /// </summary>
    public int Number { get; set; }

    /// <summary>Gets, by tier, how many flows wait for it: for its packets, or for their turn.</summary>
    public int[] Waiting { get; }

    /// <summary>Gets whether no flow waits for its answer here.</summary>
    public bool IsDrained => Array.TrueForAll(Waiting, count => count == 0);
}
