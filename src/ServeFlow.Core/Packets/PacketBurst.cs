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

    /// <summary>
    /// Gets whether time begins anew with this burst, because the clock was set: flows that are open end before it.
    /// </summary>
    public bool BeginsEpoch { get; internal set; }

    /// <summary>
    /// Gets how many steps of the clock are to be counted with this burst: 1 where it begins an epoch, 0 where another
    /// worker counts the same one.
    /// </summary>
    public int Steps { get; internal set; }

    /// <summary>Gets how many of the packets had a wrong time and took their neighbour's.</summary>
    public int Outliers { get; internal set; }

    public ReadOnlySpan<PacketSlot> Packets => slots.AsSpan(0, count);

    public void Add(in PacketSlot slot) => slots[count++] = slot;

    public void Clear() => (count, BeginsEpoch, Steps, Outliers) = (0, false, 0, 0);

    /// <summary>Marks the burst as the first of a clock that was set.</summary>
    internal void BeginEpoch() => (BeginsEpoch, Steps) = (true, 1);

    /// <summary>Takes over what another burst, whose packets come next, says about the clock.</summary>
    internal void TakeClockOf(PacketBurst other) =>
        (BeginsEpoch, Steps, Outliers) = (other.BeginsEpoch, other.Steps, other.Outliers);

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
