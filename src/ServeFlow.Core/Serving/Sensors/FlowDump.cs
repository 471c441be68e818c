using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Serving.Sensors;

/// <summary>
/// Picks out the packets of flows with a chosen answer. Those before the answer are kept until it is there, as many as
/// fit; those after it are passed on as they come. What finds the queue full is lost, and counted; nobody waits, except
/// at the end, when no packet can be lost by it.
/// </summary>
sealed class FlowDump : IFlowTap, IRecordSink
{
    readonly IReadOnlyList<AnswerFilter> filters;
    readonly ServedPlans plans;
    readonly FlowPackets undecided;
    readonly FlowPackets.Receiver forward;
    readonly WaitAllowance waiting = new(isUnlimited: false);
    long accepted;
    long lost;
    long missed;

    /// <param name="filters">Any of which chooses a flow.</param>
    /// <param name="keepBytes">Memory for packets of undecided flows.</param>
    /// <param name="queueBytes">Memory for packets on their way to the file.</param>
    /// <param name="plans">Those whose answers flows have.</param>
    public FlowDump(IReadOnlyList<AnswerFilter> filters, int keepBytes, int queueBytes, ServedPlans plans)
    {
        this.filters = filters;
        this.plans = plans;
        undecided = new(keepBytes);
        Queue = new(queueBytes);
        forward = Forward;
    }

    public KeptPacketRing Queue { get; }

    /// <summary>Gets the number of packets of chosen flows that found room in the queue. From any thread, as are the
    /// others.</summary>
    public long Accepted => Volatile.Read(ref accepted);

    /// <summary>Gets the number of packets of chosen flows that found the queue full.</summary>
    public long Lost => Volatile.Read(ref lost);

    /// <summary>Gets the number of packets of chosen flows that had been overwritten when the answer came.</summary>
    public long Missed => Volatile.Read(ref missed);

    /// <summary>The worker has come to its end: a full queue may hold it up for so long in all. From any thread.
    /// </summary>
    public void AllowWaiting(TimeSpan limit) => waiting.Allow(limit);

    /// <summary>Nobody waits for room any more. From any thread.</summary>
    public void Abandon() => waiting.End();

    public void OnPacket(in PacketSlot packet, in Flow flow)
    {
        var kept = new KeptPacket(packet.TimestampNs, packet.CapturedLength, packet.OriginalLength, packet.LinkType);
        var isDecided = DecisionTag.IsDecided(flow.Tag);
        if (isDecided && !MatchesFilter(DecisionTag.Unpack(flow.Tag, plans, out var model), model))
        {
            return;
        }

        var id = FlowId.Compute(flow);
        if (!isDecided || undecided.Has(id)) // its answer may be known, and its record still on the way
        {
            undecided.Add(id, kept, packet.Bytes);
        }
        else
        {
            Forward(kept, packet.Bytes);
        }
    }

    public void Write(in FlowRecord record)
    {
        if (record.Kind != RecordKind.Prediction)
        {
            return;
        }

        var id = FlowId.Compute(record.Flow);
        if (MatchesFilter(record.Classification, record.Model))
        {
            Volatile.Write(ref missed, missed + undecided.Drain(id, forward));
        }
        else
        {
            undecided.Remove(id);
        }
    }

    public void BeginCapture(string name)
    {
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
    }

    bool MatchesFilter(in Classification answer, int model)
    {
        foreach (var filter in filters)
        {
            if (filter.Matches(answer, model))
            {
                return true;
            }
        }

        return false;
    }

    void Forward(in KeptPacket packet, ReadOnlySpan<byte> data)
    {
        while (!Queue.TryAdd(packet, data))
        {
            if (!waiting.TryWait())
            {
                Volatile.Write(ref lost, lost + 1);
                return;
            }
        }

        Volatile.Write(ref accepted, accepted + 1);
    }
}
