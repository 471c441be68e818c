using System.Runtime.CompilerServices;

namespace ServeFlow.Flows;

/// <summary>
/// The flows themselves, in chunks that never move, so that an index and a <c>ref</c> stay good until the flow is
/// returned. Freed indices are reused, last first. Each flow starts on a cache line.
/// </summary>
sealed unsafe class FlowSlab
{
    const int ChunkShift = 10;
    const int ChunkFlows = 1 << ChunkShift;
    const int CacheLine = 64;

    /// <summary>2^28 flows, 32 GiB: indices and the hash index's arithmetic stay inside an int.</summary>
    const int MaxChunks = 1 << 18;

    readonly int limit;
    byte[][] chunks = [];
    nint[] starts = [];
    int[] free = [];
    int freeCount;
    int used;

    public FlowSlab(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxChunks * ChunkFlows);
        this.limit = limit;
    }

    /// <summary>Flows in use.</summary>
    public int Count => used - freeCount;

    /// <summary>One past the highest index that was ever handed out.</summary>
    public int Extent => used;

    /// <summary>Indices that there is room to return: those of all chunks, or twice as many as before.</summary>
    public int Capacity => free.Length;

    public long Bytes => (chunks.Length * ChunkBytes) + ((long)free.Length * sizeof(int));

    static long ChunkBytes => (ChunkFlows * sizeof(Flow)) + CacheLine + sizeof(nint) + sizeof(nint);

    /// <summary>The most that <see cref="Bytes"/> comes to with so many flows.</summary>
    public static long BytesFor(int flows) =>
        (Room(flows) / ChunkFlows * ChunkBytes) + ((long)Room(flows) * sizeof(int));

    /// <summary>So many flows in whole chunks.</summary>
    public static int Room(int flows) =>
        (int)Math.Min(((long)flows + ChunkFlows - 1) / ChunkFlows, MaxChunks) * ChunkFlows;

    public ref Flow this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref ((Flow*)starts[index >> ChunkShift])[index & (ChunkFlows - 1)];
    }

    /// <summary>An index for a new flow, or −1 at the limit. Its memory still holds what was there before.</summary>
    public int Take()
    {
        if (freeCount > 0)
        {
            return free[--freeCount];
        }

        if (used == limit)
        {
            return -1;
        }

        if (used == starts.Length * ChunkFlows)
        {
            AddChunk();
        }

        return used++;
    }

    public void Return(int index) => free[freeCount++] = index;

    void AddChunk()
    {
        // Pinned for good: the collector keeps the chunk where its address says.
        var chunk = GC.AllocateArray<byte>((ChunkFlows * sizeof(Flow)) + CacheLine, pinned: true);
        var address = (nint)Unsafe.AsPointer(ref chunk[0]);
        chunks = [.. chunks, chunk];
        starts = [.. starts, (address + CacheLine - 1) & ~(nint)(CacheLine - 1)];
        if (free.Length < starts.Length * ChunkFlows)
        {
            Array.Resize(ref free, (int)Math.Min(Room(limit), Math.Max(ChunkFlows, 2L * free.Length)));
        }
    }
}
