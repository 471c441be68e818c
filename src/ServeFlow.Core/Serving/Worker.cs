using ServeFlow.Cascade;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Sinks;

namespace ServeFlow.Serving;

/// <summary>
/// One packet thread and all that it owns: takes packets from a source, tracks their flows, keeps the headers of
/// those still undecided, lets the tiers of a cascade answer them, and hands records to a sink. Shares nothing, reads
/// no clock, and allocates nothing per packet once warm. The records depend on the packets alone, not on how they
/// were cut into bursts.
/// </summary>
public sealed partial class Worker
{
    /// <summary>Longer than any flow lives; a deadline this far on does not overflow.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(3650);

    readonly IRecordSink sink;
    readonly FlowTable<FlowEnds> flows;
    readonly PendingFlows pending;
    readonly FlowNotes notes = new();
    readonly TierBatch[] batches;
    readonly int[] depths;
    readonly Outbox outbox = new();
    readonly PacketBurst burst = new();
    readonly long waitLimitNs;

    public Worker(CascadePlan plan, WorkerOptions options, IRecordSink sink)
    {
        PlanLimits.Check(plan);
        this.sink = sink;
        depths = [.. plan.Tiers.Select(tier => tier.PacketDepth)];
        batches = [.. plan.Tiers.Select(tier => new TierBatch(tier))];
        pending = new(depths[^1], depths.Length, options.MaxUndecided);
        waitLimitNs = Math.Min(plan.WaitLimit.Ticks, LongestWait.Ticks) * TimeSpan.NanosecondsPerTick;
        flows = new(options.Flows, new(this));
        Account = new(depths.Length, flows.Untracked, flows.Ended, flows.Events);
    }

    /// <summary>What came in and what became of it, as of the records that were handed on last.</summary>
    public Account Account { get; }

    /// <summary>Flows that wait for their answer.</summary>
    public int Undecided => pending.Count;

    /// <summary>Takes packets until the source ends or <paramref name="stop"/> is asked for; flows stay open.</summary>
    public void Run(IPacketSource source, CancellationToken stop = default)
    {
        while (!stop.IsCancellationRequested && source.Poll(burst))
        {
            foreach (ref readonly var packet in burst.Packets)
            {
                Take(packet);
            }

            if (!source.HasBacklog)
            {
                Settle();
            }
        }

        Settle();
    }

    /// <summary>
    /// Ends every open flow: the end of a capture, or a shutdown. Every flow has had its answer then.
    /// </summary>
    public void Finish()
    {
        flows.EndAll(EndReason.ForcedEnd);
        Settle();
        sink.Flush();
    }

    void Take(in PacketSlot packet)
    {
        MakeRoom();
        if (packet.IsTick)
        {
            MoveTime(packet.TimestampNs);
            return;
        }

        Account.Received++;
        if (!PacketDecoder.TryDecode(packet, out var headers, Account.Ignored))
        {
            return;
        }

        Account.Oddities.Count(headers.Oddities);
        AnswerOverdue(packet.TimestampNs);
        var index = flows.Track(packet, headers, out var forward, out var isNew);
        if (index < 0)
        {
            return; // the table has counted why
        }

        ref var flow = ref flows[index];
        if (isNew)
        {
            Admit(index, ref flow, headers);
        }

        if (!DecisionTag.IsDecided(flow.Tag))
        {
            Inspect(ref flow, packet, headers, forward);
        }
    }

    /// <summary>Time passes without a packet: what is due is answered, and what is over ends.</summary>
    void MoveTime(long nowNs)
    {
        AnswerOverdue(nowNs);
        flows.Advance(nowNs);
    }

    /// <summary>A new flow is undecided, and waits for its answer no longer than the plan says.</summary>
    void Admit(int index, ref Flow flow, in PacketHeaders headers)
    {
        if (pending.IsFull)
        {
            AnswerOldest();
        }

        var note = notes.Add(FlowNote.Of(headers));
        flow.Slot = pending.Add(index, note, flow.FirstNs, flow.FirstNs + waitLimitNs);
    }

    /// <summary>
    /// Keeps the packet's headers; a flow that thereby reaches its next tier's depth joins its batch.
    /// </summary>
    void Inspect(ref Flow flow, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        var slot = flow.Slot;
        ref var state = ref pending[slot];
        if (state.IsClosed || state.Packets == depths[^1])
        {
            return;
        }

        HeaderRecorder.Record(packet, headers, forward, flow.FirstNs, state.PreviousNs, out pending.Append(slot));
        state.PreviousNs = packet.TimestampNs;
        var place = -1;
        for (var tier = state.NextTier; tier < depths.Length && depths[tier] <= state.Packets; tier++)
        {
            if (depths[tier] == state.Packets)
            {
                place = place < 0 ? outbox.Take(flow, notes.Of(state.Note), flow.LastNs, packet.Number) : place;
                pending.Place(slot, tier) = place;
            }
        }

        if (flow.IsClosed)
        {
            Close(slot, DecisionReason.FlowEnded, flow.LastNs); // what may still come is the other side's last ACK
        }

        if (place >= 0 || flow.IsClosed)
        {
            Queue(slot);
        }
    }

    /// <summary>
    /// The wait limit of the oldest undecided flows has passed by now. Flows that ended before a deadline end first.
    /// </summary>
    void AnswerOverdue(long nowNs)
    {
        for (var slot = pending.Oldest; slot >= 0 && pending[slot].DueNs < nowNs; slot = pending.Oldest)
        {
            if (pending[slot].IsQueued || outbox.IsFull)
            {
                Settle(); // it may be decided already, waiting only for its batch
                continue;
            }

            var dueNs = pending[slot].DueNs;
            flows.Advance(dueNs);
            if (slot == pending.Oldest)
            {
                Close(slot, DecisionReason.WaitTimeout, dueNs);
                Queue(slot);
            }
        }
    }

    /// <summary>
    /// No room for one more undecided flow: the one that has waited longest is answered with what it has.
    /// </summary>
    void AnswerOldest()
    {
        Settle(); // some may be decided already, waiting only for their batches
        if (pending.IsFull)
        {
            var slot = pending.Oldest;
            Close(slot, DecisionReason.Overload, flows.NowNs);
            Queue(slot);
            Settle();
        }
    }

    /// <summary>An ended flow is answered first, if it is not yet, and then reported.</summary>
    void Ended(int index, EndReason reason, long nowNs)
    {
        MakeRoom();
        ref var flow = ref flows[index];
        if (DecisionTag.IsDecided(flow.Tag))
        {
            Report(flow, flow.Slot, reason, nowNs);
            return;
        }

        var slot = flow.Slot;
        ref var state = ref pending[slot];
        if (!state.IsClosed)
        {
            Close(slot, DecisionReason.FlowEnded, nowNs);
        }

        state.EndPlace = Report(flow, state.Note, reason, nowNs);
        Queue(slot);
    }

    int Report(in Flow flow, int note, EndReason reason, long nowNs)
    {
        var place = outbox.Take(flow, notes.Of(note), nowNs);
        outbox[place].Kind = RecordKind.End;
        outbox[place].EndReason = reason;
        notes.Remove(note);
        return place;
    }

    /// <summary>Waiting is over: the tiers still to come will score the packets that are there.</summary>
    void Close(int slot, DecisionReason reason, long atNs)
    {
        pending.Close(slot);
        ref var state = ref pending[slot];
        state.CloseReason = reason;
        state.ClosePlace = outbox.Take(flows[state.FlowIndex], notes.Of(state.Note), atNs);
    }

    void MakeRoom()
    {
        if (outbox.IsFull)
        {
            Settle();
        }
    }

    /// <summary>Tells the worker which flows end; a struct, so that the table's call is direct.</summary>
    readonly struct FlowEnds(Worker worker) : IFlowListener
    {
        public void Ended(int index, ref Flow flow, EndReason reason, long nowNs) => worker.Ended(index, reason, nowNs);
    }
}
