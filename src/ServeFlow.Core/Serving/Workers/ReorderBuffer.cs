using System.Runtime.CompilerServices;
using ServeFlow.Cascade;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Records in the order in which the packets brought them about, whatever the order in which batches answer.
/// A place is taken, with the flow as it is then, as soon as an answer may fall due; the answer fills it later or
/// leaves it empty. So records do not depend on how packets were cut into bursts and flows into batches.
/// <para>
/// Of a worker that only compares its answers nothing is handed on: a place keeps its moment alone, and one record is
/// used again for each answer.
/// </para>
/// </summary>
/// <param name="plans">Tells whose answer an ended flow had.</param>
/// <param name="keepsRecords">Whether records are handed on.</param>
sealed class ReorderBuffer(ServedPlans plans, bool keepsRecords = true)
{
    /// <summary>
    /// Two bursts' worth, so that batches fill where packets have piled up. About 0.6 MB: more would leave the
    /// second-level cache before it is handed on.
    /// </summary>
    const int Capacity = 2048;

    /// <summary>Specifies the most places that are taken between two looks at <see cref="IsFull"/>, 8 for each
    /// task.</summary>
    const int Headroom = 8 * TaskSet.MaxTasks;

    readonly FlowRecord[] records = new FlowRecord[keepsRecords ? Capacity : 1];
    readonly (long TimestampNs, long PacketNumber)[] moments = keepsRecords ? [] : new (long, long)[Capacity];
    int count;

    /// <summary>Time to settle what is open and ship.</summary>
    public bool IsFull => count > Capacity - Headroom;

    /// <summary>Gets the record of a place; where none is kept, it is good until the next one is asked for.</summary>
    public ref FlowRecord this[int place] => ref keepsRecords ? ref records[place] : ref Recall(place);

    /// <summary>Asks for the memory of a record's kind and classification. A hint.</summary>
    public unsafe void Prefetch(int place)
    {
        if ((uint)place < (uint)records.Length)
        {
            ref var record = ref records[place];
            CacheLine.Prefetch(Unsafe.AsPointer(ref record.Kind));
            CacheLine.Prefetch(Unsafe.AsPointer(ref record.Classification));
            CacheLine.Prefetch(Unsafe.AsPointer(ref record.Classification.Revision));
        }
    }

    /// <summary>Takes the next place, still without a record.</summary>
    public int ReserveSlot(in Flow flow, in TunnelInfo tunnel, long timestampNs, long packetNumber = 0)
    {
        if (!keepsRecords)
        {
            moments[count] = (timestampNs, packetNumber);
            return count++;
        }

        ref var record = ref records[count];
        record.Kind = RecordKind.None;
        record.Flow = flow;
        record.Tunnel = tunnel;
        record.TimestampNs = timestampNs;
        record.PacketNumber = packetNumber;
        return count++;
    }

    /// <summary>Takes the next place for a record that waited elsewhere.</summary>
    public int Add(in FlowRecord record)
    {
        if (!keepsRecords)
        {
            return ReserveSlot(record.Flow, record.Tunnel, record.TimestampNs, record.PacketNumber);
        }

        records[count] = record;
        return count++;
    }

    /// <summary>Hands every record on, in order, and empties the box. No flow may wait for a place in it.</summary>
    public void Flush(IRecordSink sink)
    {
        foreach (ref var record in records.AsSpan(0, keepsRecords ? count : 0))
        {
            if (record.Kind == RecordKind.End)
            {
                record.Classification = DecisionTag.Unpack(record.Flow.Tag, plans, out var model);
                record.Model = (ushort)model;
            }

            if (record.Kind != RecordKind.None)
            {
                sink.Write(record);
            }
        }

        count = 0;
    }

    ref FlowRecord Recall(int place)
    {
        (records[0].TimestampNs, records[0].PacketNumber) = moments[place];
        return ref records[0];
    }
}
