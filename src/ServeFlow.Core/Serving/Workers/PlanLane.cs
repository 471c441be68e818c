using System.Runtime.CompilerServices;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Features;
using ServeFlow.Features.Rows;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Serving.Workers.KeptPackets;
using ServeFlow.Units;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Holds what one worker needs of one plan: the batches of its tiers, and what is kept of the packets of the flows that
/// it is to answer. A flow stays with the lane that it began in, whatever answers the flows after it. Made on any
/// thread; used by the worker's alone from then on.
/// </summary>
sealed class PlanLane
{
    /// <summary>Holds which packets a flow keeps; a field, as a property would copy it for each packet.</summary>
    public readonly CollectionRule Rule;

    /// <param name="model">The plan's number in <paramref name="plans"/>.</param>
    /// <param name="plans">The plans of the process.</param>
    /// <param name="headers">Room for headers, deep enough for the plan, by the slots of its task.</param>
    /// <param name="task">The task that the plan answers, from 0.</param>
    /// <param name="layout">The rows of answers that are kept in place of headers; null for headers.</param>
    /// <param name="rows">Room for rows of that length; null for headers.</param>
    public PlanLane(CascadePlan plan, int model, ServedPlans plans, PendingHeaders headers, int task = 0,
        AnswerRows? layout = null, PendingRows? rows = null)
    {
        Model = (ushort)model;
        Task = task;
        Codes = plans.CodesOf(model);
        TierNumbers = plans.TierNumbersOf(model);
        LabelNumbers = plans.LabelNumbersOf(model);
        Headers = headers;
        Rows = layout is null ? null : new(layout, rows!, plan.Drift);
        Depths = [.. plan.Tiers.Select(tier => tier.PacketDepth)];
        Waiting = new int[Depths.Length];
        Batches = [.. plan.Tiers.Select(tier => new TierBatch(tier, layout))];
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

    /// <summary>Gets what is kept of packets in place of their headers; null where headers are.</summary>
    public LaneRows? Rows { get; }

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

    /// <summary>Says that a flow's slot is about to be used. A hint, for slots that were never used before.</summary>
    public void Prefault(int slot)
    {
        if (Rows is { } rows)
        {
            Headers.PrefaultPlaces(slot);
            rows.Prefault(slot);
        }
        else
        {
            Headers.Prefault(slot);
        }
    }

    /// <summary>Keeps a packet of a flow, for the tiers to come: its headers, or the answers that they give. See
    /// <see cref="CollectionRule.Keep"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Keep(int slot, ref UnitState unit, in Flow flow, in PacketSlot packet, in PacketHeaders headers,
        bool forward)
    {
        if (Rows is not { } rows)
        {
            return CollectionRule.Keep(ref unit, flow, packet, headers, forward,
                out Headers.Room(slot, unit.Packets));
        }

        var isLast = CollectionRule.Keep(ref unit, flow, packet, headers, forward, out rows.Packet);
        rows.Keep(slot, unit.Packets - 1);
        return isLast;
    }

    /// <summary>A flow waits for no more packets.</summary>
    /// <param name="packets">How many were kept of it.</param>
    public void Close(int slot, int packets) => Rows?.Close(slot, packets);

    /// <summary>Asks for the room of what is kept of a packet, from 0. A hint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int slot, int packet)
    {
        if (Rows is { } rows)
        {
            rows.Prefetch(slot, packet);
        }
        else
        {
            Headers.Prefetch(slot, packet);
        }
    }

    /// <summary>Asks for what is kept of a flow's first packets. A hint.</summary>
    public void PrefetchKept(int slot, int packets)
    {
        if (Rows is { } rows)
        {
            rows.PrefetchRow(slot, packets);
        }
        else
        {
            Headers.PrefetchKept(slot, packets);
        }
    }

    /// <summary>Exchanges the directions of a flow's kept packets.</summary>
    public void Turn(int slot, int packets)
    {
        if (Rows is { } rows)
        {
            rows.Turn(slot, packets);
        }
        else
        {
            HeaderRecord.Turn(Headers.Kept(slot, packets));
        }
    }

    /// <summary>Counts a flow's answer where somebody compares it with those of training.</summary>
    /// <param name="packets">Packets that the first tier sees of the flow.</param>
    public void CountDrift(in Classification answer, int slot, int packets)
    {
        if (Drift is not { } drift)
        {
            return;
        }

        if (Rows is { } rows)
        {
            rows.Count(drift, answer, slot, packets);
        }
        else
        {
            drift.Count(answer, Headers.Kept(slot, packets));
        }
    }

    /// <summary>Gets whether no flow waits for its answer here.</summary>
    public bool IsDrained => Array.TrueForAll(Waiting, count => count == 0);
}
