using System.Runtime.CompilerServices;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;
using ServeFlow.Units;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// The undecided flows: their state in slots that are reused, last first, and their order of arrival. Where the wait
/// limit is the same for all, that order is also the order of their deadlines, but for flows that are waited for less
/// patiently and for windows of flows, which end when they do. A slot's number is stable while the flow is undecided.
/// <see cref="PendingHeaders"/> keeps the headers.
/// </summary>
sealed unsafe class PendingFlows(int capacity)
{
    const int None = -1;

    readonly NativeBlock<PendingFlow> flows = NativeBlock<PendingFlow>.CreateBacked(capacity);
    readonly DeadlineHeap deadlines = new(capacity);
    int extent;
    int firstFree = None;
    int youngest = None;

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    /// <summary>The flow that has waited longest of those still open; −1 where there is none.</summary>
    public int Oldest { get; private set; } = None;

    /// <summary>Gets the time of the next deadline of an undecided flow; the end of time where there is none.</summary>
    public long NextDeadlineNs =>
        Oldest == None ? long.MaxValue : Math.Min(flows[Oldest].DeadlineNs, deadlines.FirstDeadlineNs);

    /// <summary>The flow of <see cref="NextDeadlineNs"/>; −1 where there is none.</summary>
    public int NextDueSlot =>
        Oldest == None || flows[Oldest].DeadlineNs <= deadlines.FirstDeadlineNs ? Oldest : deadlines.FirstSlot;

    public ref PendingFlow this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref flows[slot];
    }

    /// <summary>Asks for a flow's state. A hint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int slot) => CacheLine.Prefetch(flows.Start + slot);

    /// <summary>Opens a slot for a flow, the youngest of all. The caller has seen to room.</summary>
    public int Add(int flowIndex, int tunnelIndex, int lane, in UnitState unit, long dueNs)
    {
        var slot = firstFree;
        if (slot == None)
        {
            slot = Extend();
        }
        else
        {
            firstFree = flows[slot].Younger;
        }

        Count++;
        flows[slot] = new()
        {
            FlowIndex = flowIndex,
            TunnelIndex = tunnelIndex,
            Lane = (byte)lane,
            Unit = unit,
            DeadlineNs = dueNs,
            CloseRecordIndex = None,
            EndRecordIndex = None,
            Older = youngest,
            Younger = None,
        };
        if (youngest == None)
        {
            Oldest = slot;
        }
        else
        {
            flows[youngest].Younger = slot;
        }

        youngest = slot;
        return slot;
    }

    /// <summary>Gives a flow another deadline, at or before that of its arrival.</summary>
    public void SetDeadline(int slot, long dueNs)
    {
        ref var flow = ref flows[slot];
        deadlines.Remove(slot);
        deadlines.Add(slot, flow.FlowIndex, dueNs);
        flow.DeadlineNs = dueNs;
    }

    /// <summary>Takes a flow out of the order of arrival: it waits for nothing more.</summary>
    public void Close(int slot)
    {
        ref var flow = ref flows[slot];
        flow.Unit.IsClosed = true;
        deadlines.Remove(slot);
        Unlink(flow);
    }

    /// <summary>Gives a decided flow's slot back.</summary>
    public void Remove(int slot)
    {
        if (!flows[slot].Unit.IsClosed)
        {
            Close(slot);
        }

        flows[slot].Younger = firstFree;
        firstFree = slot;
        Count--;
    }

    /// <summary>Opens a slot that was never used.</summary>
    int Extend()
    {
        flows.Approach(extent);
        return extent++;
    }

    void Unlink(in PendingFlow flow)
    {
        if (flow.Older == None)
        {
            Oldest = flow.Younger;
        }
        else
        {
            flows[flow.Older].Younger = flow.Younger;
        }

        if (flow.Younger == None)
        {
            youngest = flow.Older;
        }
        else
        {
            flows[flow.Younger].Older = flow.Older;
        }
    }
}
