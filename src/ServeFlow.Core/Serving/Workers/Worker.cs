using System.Runtime.CompilerServices;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Sinks;
using ServeFlow.Units;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Runs one packet thread and all that it owns: takes packets from a source, tracks their flows, keeps the packets of
/// those still undecided, lets the tiers of a cascade answer them, and hands records to a sink. It shares nothing,
/// takes its time from the packets, and allocates nothing per packet once warm. The records depend on the packets
/// alone, not on how they were cut into bursts.
/// </summary>
public sealed partial class Worker
{
    /// <summary>Divides the undecided flows: this part of them is answered at once for want of room.</summary>
    const int OverloadDivisor = 64;

    readonly IRecordSink sink;
    readonly IFlowTap? tap;
    readonly FlowTable<FlowEnds> flows;
    readonly PendingFlows pending;
    readonly TunnelInfoPool tunnels = new();
    readonly ReorderBuffer reorderBuffer;
    readonly LoadShedding shedding = new();
    readonly PacketBurst burst = new();

    /// <summary>Cuts flows into windows; the same for all lanes.</summary>
    readonly CollectionRule rule;

    readonly bool hasWindows;

    /// <summary>Holds the earliest deadline that a flow standing in a batch can turn out to have.</summary>
    long batchDeadlineNs = long.MaxValue;

    /// <summary>Holds how many answers are given at once for want of room.</summary>
    readonly int overloadAnswers;

    public Worker(CascadePlan plan, WorkerOptions options, IRecordSink sink)
        : this(plan, options, sink, null, new(plan))
    {
    }

    /// <param name="tap">Sees the packets of flows; null for none.</param>
    /// <param name="plans">The plans of the process, of which <paramref name="plan"/> is one.</param>
    /// <param name="model">The plan's number in them.</param>
    /// <param name="drift">Counts the answers of the first plan; null where nobody compares them.</param>
    internal Worker(CascadePlan plan, WorkerOptions options, IRecordSink sink, IFlowTap? tap, ServedPlans plans,
        int model = 0, DriftCounter? drift = null) : this([plan], options, sink, tap, plans, model, [drift])
    {
    }

    /// <param name="tasks">The plan that answers each task, in the order of their numbers.</param>
    /// <param name="model">The first one's number.</param>
    /// <param name="drifts">Count the answers of the first plans; fewer, or null, where nobody compares them.</param>
    /// <param name="run">Has this worker answer another one's flows, for comparison; null where it tracks flows itself.
    /// </param>
    internal Worker(IReadOnlyList<CascadePlan> tasks, WorkerOptions options, IRecordSink sink, IFlowTap? tap,
        ServedPlans plans, int model, IReadOnlyList<DriftCounter?> drifts, ShadowRun? run = null)
    {
        this.sink = sink;
        (this.tap, this.plans) = (tap, plans);
        (maxUndecided, taskCount) = (options.MaxUndecided, tasks.Count);
        keepsHeaders = options.KeepsHeaders;
        reorderBuffer = new(plans, keepsRecords: run is null);
        pending = new(options.MaxUndecided, taskCount);
        answers = taskCount > 1 ? new((long)options.Flows.MaxFlows * taskCount) : null;
        overloadAnswers = Math.Max(1, options.MaxUndecided / OverloadDivisor) * taskCount;
        comparison = run;
        flows = run?.Leader.flows ?? new(options.Flows, new(this));
        followed = run is null ? null : new(options.Flows.MaxFlows);
        Account = new(tasks[0].Tiers.Count, tasks[0].Labels.Count, flows.Untracked, flows.Ended, flows.Events);
        if (model > 0 || taskCount > 1)
        {
            Account.Grow(plans.TierNames.Count, plans.Labels.Count, plans.Count);
        }

        firstWaitLimit = tasks[0].WaitLimit;
        choice = wanted = CreateLanes(tasks, model, drifts);
        rule = choice.Main.Rule;
        hasWindows = rule.HasWindows;
    }

    /// <summary>Gets what came in and what became of it, as of the records that were handed on last.</summary>
    public Account Account { get; }

    /// <summary>Takes packets until the source ends or <paramref name="stop"/> is asked for; flows stay open.</summary>
    public void Run(IPacketSource source, CancellationToken stop = default)
    {
        while (!stop.IsCancellationRequested && source.Poll(burst))
        {
            shedding.Update(source.Pressure);
            CheckClock();
            if (choice != Volatile.Read(ref wanted))
            {
                ChangeLanes();
            }

            TakeBurst(burst.Packets);
            if (!source.HasBacklog)
            {
                ScoreAndFlush();
                shadow?.ScoreAndFlush();
            }

            PollAway();
        }

        ScoreAndFlush();
        shadow?.ScoreAndFlush();
    }

    /// <summary>
    /// Time has come so far without a packet: what is due is answered, what is over ends, and the records are handed
    /// on. For an owner that feeds the worker itself; sources say the same by <see cref="PacketSlot.Tick"/>.
    /// </summary>
    /// <param name="nowNs">Packet time, nanoseconds since the Unix epoch; an earlier one than before does
    /// nothing.</param>
    public void Advance(long nowNs)
    {
        MakeRoom();
        AdvanceTime(nowNs);
        ScoreAndFlush();
        shadow?.ScoreAndFlush();
    }

    /// <summary>
    /// Ends every open flow: the end of a capture, or a shutdown. Every flow has had its answer then, and the worker
    /// is as new but for its account: another capture, of any time, gives the records that a new worker would.
    /// </summary>
    public void Finish()
    {
        EndAll();
        AwaitAway();
        sink.Flush();
    }

    /// <summary>Gives each packet of a group its turn, in order.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    void TakeTurns(ReadOnlySpan<PacketSlot> group, DecodedPacket[] decoded)
    {
        for (var i = 0; i < group.Length; i++)
        {
            MakeRoom();
            if (group[i].IsTick)
            {
                AdvanceTime(group[i].TimestampNs);
            }
            else
            {
                ProcessPacket(group[i], decoded[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // by itself, so that it need not share registers with the loop
    void ProcessPacket(in PacketSlot packet, in DecodedPacket decoded)
    {
        Account.Received++;
        if (!decoded.IsDecoded)
        {
            Account.Ignored.Count(decoded.IgnoreReason);
            return;
        }

        ref readonly var headers = ref decoded.Headers;
        Account.Oddities.Count(headers);
        AnswerDue(packet.TimestampNs);

        var index = flows.Track(packet, headers, decoded.HashedKey, out var forward, out var isNew);
        if (index < 0)
        {
            return; // the table has counted why
        }

        ref var flow = ref flows[index];
        var beginsWindow = !isNew && hasWindows && rule.EntersWindow(flow, flows.PreviousNs);
        if (isNew)
        {
            Admit(index, ref flow, tunnels.Add(TunnelInfo.FromHeaders(headers)), packet.Number);
        }
        else if (beginsWindow)
        {
            BeginWindow(index, ref flow, packet.Number);
        }

        tap?.OnPacket(packet, flow);
        if (!DecisionTag.IsDecided(flow.Tag))
        {
            CollectHeaders(index, ref flow, packet, headers, forward);
        }

        shadow?.Follow(index, flow, isNew || beginsWindow, packet, headers, forward);
    }

    /// <summary>
    /// A new flow is undecided, and waits for its answer no longer than the plan says; not at all where training knew
    /// nothing of its protocol.
    /// </summary>
    /// <param name="packetNumber">The number of its first packet.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    void Admit(int index, ref Flow flow, int tunnelIndex, long packetNumber)
    {
        if (taskCount > 1)
        {
            AdmitTasks(index, ref flow, tunnelIndex, packetNumber);
            return;
        }

        Account.CountUnit();
        comparison?.Begin();
        var lane = choice.Choose(flow.Key);
        if (lane.Protocols is { } protocols && !protocols.Include(flow.Key.IpVersion, flow.Key.Protocol))
        {
            flow.Tag = AnswerUnknownProtocol(lane, flow, tunnelIndex, packetNumber);
            flow.TunnelIndex = tunnelIndex;
            return;
        }

        flow.PendingSlot = OpenTasks();
        lane.Prefault(flow.PendingSlot);
        AdmitTask(flow.PendingSlot, index, flow, tunnelIndex, lane);
    }

    /// <summary>Keeps the packet's headers, or the answers that they give, for the tiers that wait for it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    void CollectHeaders(int index, ref Flow flow, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        if (taskCount > 1)
        {
            CollectForTasks(index, ref flow, packet, headers, forward);
            return;
        }

        KeepHeaders(flow.PendingSlot, flow, packet, headers, forward);
    }

    /// <param name="slot">The undecided flow's slot.</param>
    void KeepHeaders(int slot, in Flow flow, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        ref var state = ref pending[slot];
        var lane = lanes[state.Lane]!;
        if (!lane.Rule.Takes(state.Unit))
        {
            return;
        }

        var isLast = lane.Keep(slot, ref state.Unit, flow, packet, headers, forward);
        TakeKept(slot, ref state, lane, flow, packet.Number, isLast);
    }

    /// <summary>A packet was kept of a flow: where that is as many as its next tier waits for, it joins the batch.
    /// </summary>
    /// <param name="isLast">Whether no further packet will be kept.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void TakeKept(int slot, ref PendingFlow state, PlanLane lane, in Flow flow, long packetNumber, bool isLast)
    {
        var depths = lane.Depths;
        var place = -1;
        for (var tier = state.NextTier; tier < depths.Length && depths[tier] <= state.Unit.Packets; tier++)
        {
            if (depths[tier] == state.Unit.Packets)
            {
                place = place < 0 ? reorderBuffer.ReserveSlot(flow, tunnels.Get(state.TunnelIndex), flow.LastNs,
                    packetNumber) : place;
                lane.Headers.RecordIndex(slot, tier) = place;
                lane.Headers.ReachedMicroseconds(slot, tier) = state.Unit.SinceFirstMicroseconds;
            }
        }

        if (isLast)
        {
            Close(slot, DecisionReason.FlowEnded, flow.LastNs);
        }

        if (place >= 0 || isLast)
        {
            Enqueue(slot);
        }
    }

    void MakeRoom()
    {
        if (reorderBuffer.IsFull)
        {
            ScoreAndFlush();
        }
    }
}
