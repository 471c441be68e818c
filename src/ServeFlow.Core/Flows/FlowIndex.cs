using System.Numerics;
using System.Runtime.CompilerServices;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>
/// Maps hashes to flow indexes: open addressing with linear probing over a power of two of eight-byte entries, at most
/// five eighths full. An entry holds the hash's upper 32 bits, which also say where its probing started, so that
/// growing and removing never read a flow. Removing shifts later entries back: there are no tombstones.
/// </summary>
sealed unsafe class FlowIndex
{
    const int FirstCapacity = 1 << 10;

    /// <summary>
    /// Limits the load: ten million flows fit into 2^24 entries, and a search that finds nothing reads about four.
    /// </summary>
    const int MaxEighths = 5;

    /// <summary>Gives the share of the entries at which the next block is made ready: a quarter before it is needed.
    /// </summary>
    const int PreparedQuarters = 3;

    /// <summary>Gives the bytes of a block from which on it is made ready in advance; the pages of a smaller one are
    /// backed in a moment.</summary>
    const long PreparedBytes = 1 << 18;

    readonly int limit;
    NativeBlock<ulong> block = new(FirstCapacity);

    /// <summary>The block that the index will grow into; null as long as that is not near.</summary>
    NativeBlock<ulong>? next;
    ulong* entries;
    uint mask = FirstCapacity - 1;

    /// <summary>The entries at which there is something to do: to prepare the next block, or to grow into it.</summary>
    int mark;

    /// <param name="limit">The most entries there will be.</param>
    public FlowIndex(int limit)
    {
        this.limit = limit;
        entries = block.Start;
        mark = PreparationMark;
    }

    int GrowthMark => (int)(block.Length * MaxEighths / 8);

    int PreparationMark => (int)((long)GrowthMark * PreparedQuarters / 4);

    public int Count { get; private set; }

    public long Bytes => block.Length * sizeof(ulong);

    /// <summary>Computes the <see cref="Bytes"/> of an index with <paramref name="flows"/> entries.</summary>
    public static long BytesFor(int flows)
    {
        var entries = (ulong)Math.Max(1, flows) * 8 / MaxEighths;
        return Math.Max(FirstCapacity, (long)BitOperations.RoundUpToPowerOf2(entries)) * sizeof(ulong);
    }

    /// <summary>
    /// Gets the place where the probing for a hash starts; a candidate is at <see cref="Next"/>'s result.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Start(ulong hash) => Tag(hash) & mask;

    /// <summary>Asks for the line in which the probing for a hash starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong hash) => CacheLine.Prefetch(entries + Start(hash));

    /// <summary>The flow that the hash most likely belongs to, or −1: a hint, for asking for its memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindCandidate(ulong hash)
    {
        var position = Start(hash);
        return Next(hash, ref position);
    }

    /// <summary>
    /// The next flow index, from <paramref name="position"/> on, whose stored tag agrees with the hash, or −1 where
    /// there is none. The caller compares keys and, on a false match, calls again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(ulong hash, ref uint position)
    {
        var tag = Tag(hash);
        while (true)
        {
            var entry = entries[position];
            position = (position + 1) & mask;
            if (entry == 0)
            {
                return -1;
            }

            if ((uint)(entry >> 32) == tag)
            {
                return (int)(uint)entry - 1;
            }
        }
    }

    public void Add(ulong hash, int flow)
    {
        if (Count >= mark)
        {
            MakeRoom();
        }

        Insert(((ulong)Tag(hash) << 32) | (uint)(flow + 1));
        Count++;
    }

    /// <summary>Removes a flow that was added with this hash.</summary>
    public void Remove(ulong hash, int flow)
    {
        var sought = ((ulong)Tag(hash) << 32) | (uint)(flow + 1);
        var hole = Tag(hash) & mask;
        while (entries[hole] != sought)
        {
            hole = (hole + 1) & mask;
        }

        CloseGap(hole);
        Count--;
    }

    /// <summary>
    /// Moves back every later entry of the run that may move: those whose start is not past the hole.
    /// </summary>
    void CloseGap(uint hole)
    {
        var next = (hole + 1) & mask;
        while (entries[next] != 0)
        {
            var start = (uint)(entries[next] >> 32) & mask;
            if (((next - start) & mask) >= ((next - hole) & mask))
            {
                entries[hole] = entries[next];
                hole = next;
            }

            next = (next + 1) & mask;
        }

        entries[hole] = 0;
    }

    void Insert(ulong entry)
    {
        var position = (uint)(entry >> 32) & mask;
        while (entries[position] != 0)
        {
            position = (position + 1) & mask;
        }

        entries[position] = entry;
    }

    void MakeRoom()
    {
        if (Count >= GrowthMark)
        {
            Grow();
            mark = PreparationMark;
            return;
        }

        mark = GrowthMark;
        if (limit > GrowthMark && block.Length * 2 * sizeof(ulong) >= PreparedBytes)
        {
            next = new(block.Length * 2);
            next.Prefault();
        }
    }

    /// <summary>
    /// Reads and writes in order: an entry's new place lies where it was, or half the new block further.
    /// </summary>
    void Grow()
    {
        var old = block;
        (block, next) = (next ?? new(old.Length * 2), null);
        entries = block.Start;
        mask = (uint)block.Length - 1;
        for (var position = 0L; position < old.Length; position++)
        {
            if (old[position] != 0)
            {
                Insert(old[position]);
            }
        }

        old.Free();
    }

    static uint Tag(ulong hash) => (uint)(hash >> 32);
}
