using ServeFlow.Flows.Memory;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Flows by the time at which waiting for them ends, the earliest first; of equal times in order of arrival, which does
/// not depend on how packets were cut into bursts. A binary heap that knows each flow's place, so that one that is
/// answered earlier leaves at once.
/// </summary>
/// <param name="capacity">Slots are below it; it costs address space alone.</param>
sealed class DeadlineHeap(int capacity)
{
    readonly NativeBlock<Entry> entries = new(capacity);

    /// <summary>Holds, by slot, the position of its entry plus one; 0 where it has none.</summary>
    readonly NativeBlock<int> positions = new(capacity);

    public int Count { get; private set; }

    /// <summary>Gets the earliest time; the end of time where there is none.</summary>
    public long FirstDeadlineNs => Count == 0 ? long.MaxValue : entries[0].DeadlineNs;

    /// <summary>Gets the flow of <see cref="FirstDeadlineNs"/>.</summary>
    public int FirstSlot => entries[0].Slot;

    /// <summary>Determines whether a deadline comes before all that are there.</summary>
    /// <param name="arrival">The number of the flow's arrival.</param>
    public bool IsFirst(long dueNs, uint arrival) => Count == 0 || new Entry(dueNs, 0, arrival).IsBefore(entries[0]);

    /// <summary>Adds a flow that is not there yet.</summary>
    /// <param name="arrival">The number of its arrival, which may begin anew at 0 after the highest one: of two that
    /// are there at a time, one arrived at most 2^31 flows after the other.</param>
    public void Add(int slot, uint arrival, long dueNs)
    {
        entries.Prefault(Count);
        positions.Prefault(slot);
        SiftUp(Count++, new(dueNs, slot, arrival));
    }

    /// <summary>Takes a flow out; nothing happens where it is not there.</summary>
    public void Remove(int slot)
    {
        var place = positions[slot] - 1;
        if (place < 0)
        {
            return;
        }

        positions[slot] = 0;
        var last = entries[--Count];
        if (place < Count)
        {
            SiftUp(SiftDown(place, last), last);
        }
    }

    /// <summary>Moves entries down until one fits; the place is then free for it.</summary>
    void SiftUp(int place, Entry entry)
    {
        while (place > 0 && entry.IsBefore(entries[(place - 1) / 2]))
        {
            Set(place, entries[(place - 1) / 2]);
            place = (place - 1) / 2;
        }

        Set(place, entry);
    }

    /// <summary>
    /// Moves entries up from below a free place, as far as they come before one; returns the place left.
    /// </summary>
    int SiftDown(int place, Entry entry)
    {
        for (var child = (2 * place) + 1; child < Count; child = (2 * place) + 1)
        {
            child += child + 1 < Count && entries[child + 1].IsBefore(entries[child]) ? 1 : 0;
            if (!entries[child].IsBefore(entry))
            {
                break;
            }

            Set(place, entries[child]);
            place = child;
        }

        return place;
    }

    void Set(int place, Entry entry)
    {
        entries[place] = entry;
        positions[entry.Slot] = place + 1;
    }

    readonly record struct Entry(long DeadlineNs, int Slot, uint Arrival)
    {
        public bool IsBefore(Entry other) => DeadlineNs < other.DeadlineNs
            || (DeadlineNs == other.DeadlineNs && (int)(Arrival - other.Arrival) < 0);
    }
}
