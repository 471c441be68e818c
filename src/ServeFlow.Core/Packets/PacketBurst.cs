namespace ServeFlow.Packets;

/// <summary>
/// Up to <see cref="Capacity"/> packets that a source hands over at once. Reused; owned by one worker.
/// </summary>
public sealed class PacketBurst
{
    /// <summary>
    /// Enough to hide the flow table's memory latency by prefetching; still inside L2 with its headers.
    /// </summary>
    public const int Capacity = 1024;

    readonly PacketSlot[] slots = new PacketSlot[Capacity];
    int count;

    public int Count => count;

    public bool IsFull => count == Capacity;

    public ReadOnlySpan<PacketSlot> Packets => slots.AsSpan(0, count);

    public void Add(in PacketSlot slot) => slots[count++] = slot;

    public void Clear() => count = 0;

    /// <summary>Leaves out all packets from the <paramref name="length"/>-th on.</summary>
    public void Truncate(int length) => count = Math.Min(count, length);

    /// <summary>Keeps the packets that pass a test, in their order. Returns how many went.</summary>
    internal int KeepWhere<TState>(TState state, PacketTest<TState> passes)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (passes(state, slots[i]))
            {
                slots[kept++] = slots[i];
            }
        }

        var gone = count - kept;
        count = kept;
        return gone;
    }
}

/// <summary>Says whether a packet stays in its burst.</summary>
delegate bool PacketTest<in TState>(TState state, in PacketSlot packet);
