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

    readonly int limit;
    byte[][] chunks = [];
    nint[] starts = [];
    int[] free = [];
    int freeCount;
    int used;

    public FlowSlab(int limit) => this.limit = limit;

    /// <summary>Flows in use.</summary>
    public int Count => used - freeCount;

    /// <summary>One past the highest index that was ever handed out.</summary>
    public int Extent => used;

    /// <summary>Indices that the chunks have room for.</summary>
    public int Capacity => chunks.Length * ChunkFlows;

    public long Bytes => BytesFor(Capacity);

    /// <summary>The chunks' and the free list's bytes with room for so many flows.</summary>
    public static long BytesFor(int flows)
    {
        long chunks = (flows + ChunkFlows - 1) / ChunkFlows;
        return chunks * ((ChunkFlows * (sizeof(Flow) + sizeof(int))) + CacheLine + sizeof(nint) + sizeof(nint));
    }

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
        Array.Resize(ref free, starts.Length * ChunkFlows);
    }
}
