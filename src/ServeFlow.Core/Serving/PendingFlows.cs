using ServeFlow.Features;

namespace ServeFlow.Serving;

/// <summary>
/// The undecided flows: their headers and state in slots that are reused, and their order of arrival. As every flow
/// may wait equally long, that order is also the order of their deadlines. Grows by chunks up to its capacity and
/// never shrinks; a slot's number is stable while the flow is undecided.
/// </summary>
sealed class PendingFlows(int depth, int tiers, int capacity)
{
    const int ChunkFlows = 256;
    const int None = -1;

    readonly List<HeaderRecord[]> headers = [];
    PendingFlow[] flows = [];
    int[] places = [];
    int[] free = [];
    int freeCount;
    int youngest = None;

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    /// <summary>The flow that has waited longest of those still open; −1 where there is none.</summary>
    public int Oldest { get; private set; } = None;

    public ref PendingFlow this[int slot] => ref flows[slot];

    /// <summary>The headers kept of a flow, at most <paramref name="limit"/>.</summary>
    public ReadOnlySpan<HeaderRecord> Headers(int slot, int limit) =>
        headers[slot / ChunkFlows].AsSpan(slot % ChunkFlows * depth, Math.Min(limit, flows[slot].Packets));

    /// <summary>
    /// The place in the outbox where a tier's answer belongs: that of the packet that reached its depth.
    /// </summary>
    public ref int Place(int slot, int tier) => ref places[(slot * tiers) + tier];

    /// <summary>Opens a slot for a flow, the youngest of all. The caller has seen to room.</summary>
    public int Add(int flowIndex, int note, long firstNs, long dueNs)
    {
        if (freeCount == 0)
        {
            Grow();
        }

        var slot = free[--freeCount];
        Count++;
        flows[slot] = new()
        {
            FlowIndex = flowIndex, Note = note, DueNs = dueNs, PreviousNs = firstNs,
            ClosePlace = None, EndPlace = None, Older = youngest, Younger = None,
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

    /// <summary>Room for the headers of a flow's next packet, for the caller to fill.</summary>
    public ref HeaderRecord Append(int slot) =>
        ref headers[slot / ChunkFlows][(slot % ChunkFlows * depth) + flows[slot].Packets++];

    /// <summary>Takes a flow out of the order of arrival: it waits for nothing more.</summary>
    public void Close(int slot)
    {
        ref var flow = ref flows[slot];
        flow.IsClosed = true;
        Unlink(flow);
    }

    /// <summary>Gives a decided flow's slot back.</summary>
    public void Remove(int slot)
    {
        if (!flows[slot].IsClosed)
        {
            Close(slot);
        }

        free[freeCount++] = slot;
        Count--;
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

    void Grow()
    {
        var old = flows.Length;
        var room = Math.Max(ChunkFlows, 2 * old);
        Array.Resize(ref flows, room);
        Array.Resize(ref places, room * tiers);
        Array.Resize(ref free, room);
        for (var chunk = old; chunk < room; chunk += ChunkFlows)
        {
            headers.Add(new HeaderRecord[ChunkFlows * depth]);
        }

        for (var slot = room - 1; slot >= old; slot--)
        {
            free[freeCount++] = slot;
        }
    }
}
