using System.Runtime.CompilerServices;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;
using ServeFlow.Serving.Workers.KeptPackets;
using ServeFlow.Units;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// The undecided flows: their state in slots that are reused, last first, and their order of arrival. Where the wait
/// limit is the same for all, that order is also the order of their deadlines, but for flows that are waited for less
/// patiently and for windows of flows, which end when they do. A slot's number is stable while the flow is undecided.
/// <see cref="PendingHeaders"/> and <see cref="PendingRows"/> keep what is needed of the packets.
/// <para>
/// Of several tasks a flow has a slot for each: the slot of the first task, and as many slots further on as there is
/// room for flows, the next task's. They are given back together.
/// </para>
/// </summary>
/// <param name="capacity">Flows at most.</param>
/// <param name="tasks">Tasks that answer each flow.</param>
sealed unsafe class PendingFlows(int capacity, int tasks = 1)
{
    const int None = -1;

    readonly NativeBlock<PendingFlow> flows = NativeBlock<PendingFlow>.CreateBacked((long)capacity * tasks);
    readonly DeadlineHeap deadlines = new(capacity * tasks);

    /// <summary>Holds, by slot, the number of its arrival among all that were filled.</summary>
    readonly NativeBlock<uint> arrivals = new((long)capacity * tasks);

    uint filled;
    int open;
    int extent;
    int firstFree = None;
    int youngest = None;

    /// <summary>Gets the number of answers that are waited for, one for each flow and task.</summary>
    public int Count { get; private set; }

    public bool IsFull => open == capacity;

    /// <summary>Gets the flow that has waited longest of those still open; −1 where there is none.</summary>
    public int Oldest { get; private set; } = None;

    /// <summary>Gets the time of the next deadline of an undecided flow; the end of time where there is none.</summary>
    public long NextDeadlineNs =>
        Oldest == None ? long.MaxValue : Math.Min(flows[Oldest].DeadlineNs, deadlines.FirstDeadlineNs);

    /// <summary>
    /// The flow of <see cref="NextDeadlineNs"/>; −1 where there is none. Of several with that deadline it is the one
    /// that arrived first, whichever of them have a deadline of their own: that depends on what was scored already.
    /// </summary>
    public int NextDueSlot => Oldest == None
        || deadlines.IsFirst(flows[Oldest].DeadlineNs, arrivals[Oldest]) ? Oldest : deadlines.FirstSlot;

    public ref PendingFlow this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref flows[slot];
    }

    /// <summary>Gets the slot that will be opened next; −1 where it is one that was never used.</summary>
    public int NextFree => firstFree;

    /// <summary>Asks for a flow's state. A hint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int slot) => CacheLine.Prefetch(flows.Start + slot);

    /// <summary>Opens a flow's slots for all tasks; returns the first task's. The caller has seen to room.</summary>
    public int Open()
    {
        var slot = firstFree;
        if (slot == None)
        {
            slot = Extend();
        }
        else
        {
            firstFree = flows[slot].Younger;
            Prefetch(firstFree);
        }

        open++;
        return slot;
    }

    /// <summary>Gets a task's slot of a flow.</summary>
    /// <param name="first">The first task's.</param>
    /// <param name="task">The task, from 0.</param>
    public int SlotOf(int first, int task) => first + (task * capacity);

    /// <summary>Begins to wait for an answer, in a slot that was opened: the youngest of all.</summary>
    public void Fill(int slot, int flowIndex, int tunnelIndex, int lane, in UnitState unit, long dueNs)
    {
        Count++;
        arrivals[slot] = filled++;
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
    }

    /// <summary>Says how many tasks a flow's answers are waited for of, once their slots are filled.</summary>
    /// <param name="first">The first task's slot.</param>
    public void SetTasksLeft(int first, int count) => flows[first].TasksLeft = (byte)count;

    /// <summary>Gives a flow another deadline, at or before that of its arrival.</summary>
    public void SetDeadline(int slot, long dueNs)
    {
        ref var flow = ref flows[slot];
        deadlines.Remove(slot);
        deadlines.Add(slot, arrivals[slot], dueNs);
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

    /// <summary>Gives a decided flow's slot back, when all its tasks have answered.</summary>
    public void Remove(int slot)
    {
        if (!flows[slot].Unit.IsClosed)
        {
            Close(slot);
        }

        Count--;
        if (tasks > 1 && !IsLast(ref slot))
        {
            return;
        }

        flows[slot].Younger = firstFree;
        firstFree = slot;
        open--;
    }

    /// <summary>Determines whether a flow waits for no other task's answer; gives the first task's slot.</summary>
    bool IsLast(ref int slot)
    {
        slot %= capacity;
        return --flows[slot].TasksLeft == 0;
    }

    /// <summary>Opens a slot that was never used.</summary>
    int Extend()
    {
        if (extent >= capacity)
        {
            throw new InvalidOperationException("every slot is taken"); // the next one lies outside of the memory
        }

        flows.Prefault(extent);
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
