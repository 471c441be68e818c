using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>
/// Maps hashes to flow indexes: open addressing with linear probing over a power of two of eight-byte entries, at most
/// five eighths full. An entry holds the hash's upper 32 bits, which also say where its probing started, so that
/// growing and removing never read a flow. Removing shifts later entries back: there are no tombstones.
/// <para>
/// The index doubles step by step, because all packets would have to wait while a million entries move: each flow that
/// is added moves a few entries of the earlier block, and until none is left there, searches look into both.
/// </para>
/// </summary>
sealed unsafe class FlowIndex
{
    const uint FirstCapacity = 1 << 10;

    /// <summary>
    /// Limits the load: ten million flows fit into 2^24 entries, and a search that finds nothing reads about four.
    /// </summary>
    const int MaxEighths = 5;

    /// <summary>Specifies the share of the entries at which the next block is backed by memory: a quarter before it is
    /// needed.</summary>
    const int PreparedQuarters = 3;

    /// <summary>
    /// Specifies the places of the earlier block that an added flow empties: two cache lines. The block is empty when a
    /// sixteenth as many flows were added as it has places, long before the next one is as full.
    /// </summary>
    const int PlacesAtOnce = 16;

    /// <summary>
    /// Specifies the entries of a huge page. The first page has all smaller blocks, and is backed by memory from the
    /// start.
    /// </summary>
    const uint FirstPage = NativePages.HugePage / sizeof(ulong);

    /// <summary>Holds the blocks of all sizes one behind another: the block of 2^k entries begins at position 2^k.
    /// </summary>
    readonly NativeBlock<ulong> blocks;

    readonly ulong* entries;

    /// <summary>Holds the size of the largest block that the limit needs.</summary>
    readonly uint capacity;

    /// <summary>Holds the size of the block that flows are added to, and the position at which it begins.</summary>
    uint size = FirstCapacity;

    /// <summary>Holds the size of the block before, as long as it has entries; then 0.</summary>
    uint earlier;

    /// <summary>Holds an empty place of the earlier block: the entries before it have moved.</summary>
    uint swept;

    /// <summary>Holds the empty place of the earlier block at which moving began, and will end.</summary>
    uint sweepEnd;

    /// <summary>
    /// Holds the entries at which there is something to do: to prepare the next block, to grow into it, or to move
    /// entries there.
    /// </summary>
    int mark;

    /// <param name="limit">The most entries there will be, <see cref="FlowMemory.MaxFlows"/> at most.</param>
    public FlowIndex(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, FlowMemory.MaxFlows);
        capacity = CapacityFor(limit);
        blocks = NativeBlock<ulong>.CreateBacked(2L * capacity);
        entries = blocks.Start;
        mark = PreparationMark;
    }

    public int Count { get; private set; }

    /// <summary>Gets the bytes of the entries, of both blocks while entries move.</summary>
    public long Bytes => ((long)size + earlier) * sizeof(ulong);

    int GrowthMark => size < capacity ? (int)((long)size * MaxEighths / 8) : int.MaxValue;

    int PreparationMark => size < capacity ? (int)((long)GrowthMark * PreparedQuarters / 4) : int.MaxValue;

    /// <summary>Computes the most <see cref="Bytes"/> that an index with <paramref name="flows"/> entries can have:
    /// those of its block and of the one before, whose entries may still be moving.</summary>
    public static long BytesFor(int flows)
    {
        var size = CapacityFor(flows);
        return ((long)size + (size > FirstCapacity ? size / 2 : 0)) * sizeof(ulong);
    }

    /// <summary>
    /// Gets the place where the probing for a hash starts; a candidate is at <see cref="Next"/>'s result.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Start(ulong hash) => StartIn(size, Tag(hash));

    /// <summary>Asks for the line in which the probing for a hash starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong hash)
    {
        CacheLine.Prefetch(entries + Start(hash));
        if (earlier != 0)
        {
            CacheLine.Prefetch(entries + StartIn(earlier, Tag(hash)));
        }
    }

    /// <summary>
    /// Returns the flow that the hash most likely belongs to, or −1: a hint, for asking for its memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindCandidate(ulong hash)
    {
        var position = Start(hash);
        return Next(hash, ref position);
    }

    /// <summary>
    /// Returns the next flow index, from <paramref name="position"/> on, whose stored tag agrees with the hash, or −1
    /// where there is none. The caller compares keys and, on a false match, calls again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(ulong hash, ref uint position)
    {
        if (earlier == 0)
        {
            return NextIn(size, Tag(hash), ref position);
        }

        (var flow, position) = NextInBoth(Tag(hash), position);
        return flow;
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
        var block = size;
        var place = Find(block, sought);
        if (entries[place] == 0)
        {
            block = earlier;
            place = Find(block, sought);
        }

        Debug.Assert(entries[place] == sought, "the flow was added");
        CloseGap(block, place);
        Count--;
    }

    static uint CapacityFor(int flows) =>
        Math.Max(FirstCapacity, BitOperations.RoundUpToPowerOf2((uint)((long)Math.Max(1, flows) * 8 / MaxEighths)));

    static uint Tag(ulong hash) => (uint)(hash >> 32);

    static uint StartIn(uint block, uint tag) => block + (tag & (block - 1));

    /// <summary>Gets the place behind another one of a block; behind the last comes the first.</summary>
    static uint Following(uint block, uint position) => block + ((position + 1) & (block - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int NextIn(uint block, uint tag, ref uint position)
    {
        while (true)
        {
            var entry = entries[position];
            position = Following(block, position);
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

    /// <summary>Searches the earlier block where the other has no more; its positions are the lower ones. The position
    /// goes by value, so that a caller keeps it in a register.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    (int Flow, uint Position) NextInBoth(uint tag, uint position)
    {
        var flow = -1;
        if (position >= size)
        {
            flow = NextIn(size, tag, ref position);
            position = flow < 0 ? StartIn(earlier, tag) : position;
        }

        return flow >= 0 ? (flow, position) : (NextIn(earlier, tag, ref position), position);
    }

    /// <summary>Finds the place of an entry in a block, or the empty one where the search for it ends.</summary>
    uint Find(uint block, ulong sought)
    {
        var position = StartIn(block, (uint)(sought >> 32));
        while (entries[position] != sought && entries[position] != 0)
        {
            position = Following(block, position);
        }

        return position;
    }

    /// <summary>
    /// Moves back every later entry of the run that may move: those whose start is not past the hole.
    /// </summary>
    void CloseGap(uint block, uint hole)
    {
        var places = block - 1;
        var next = Following(block, hole);
        while (entries[next] != 0)
        {
            var start = (uint)(entries[next] >> 32);
            if (((next - start) & places) >= ((next - hole) & places))
            {
                entries[hole] = entries[next];
                hole = next;
            }

            next = Following(block, next);
        }

        entries[hole] = 0;
    }

    void Insert(ulong entry)
    {
        var position = StartIn(size, (uint)(entry >> 32));
        while (entries[position] != 0)
        {
            position = Following(size, position);
        }

        entries[position] = entry;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void MakeRoom()
    {
        if (earlier != 0)
        {
            Move();
        }
        else if (Count >= GrowthMark)
        {
            Grow();
        }
        else
        {
            mark = GrowthMark;
            Prepare();
        }
    }

    /// <summary>Has the next block backed by memory.</summary>
    void Prepare()
    {
        if (2 * size >= FirstPage)
        {
            blocks.Prefault(2 * size, 2 * size);
        }
    }

    /// <summary>Begins to move all entries into a block of twice the size.</summary>
    void Grow()
    {
        (earlier, size) = (size, 2 * size);
        mark = 0;
        for (swept = earlier; entries[swept] != 0; swept++)
        {
        }

        sweepEnd = swept;
    }

    /// <summary>
    /// Moves the entries of some places, in order, and then up to the end of their run: as no run is left in part,
    /// what is still to move is found and removed as before.
    /// </summary>
    void Move()
    {
        ulong entry;
        var left = PlacesAtOnce;
        do
        {
            swept = Following(earlier, swept);
            entry = entries[swept];
            if (entry != 0)
            {
                Insert(entry);
                entries[swept] = 0;
            }
            else if (swept == sweepEnd)
            {
                EndMove();
                return;
            }

            left--;
        }
        while (left > 0 || entry != 0);
    }

    void EndMove()
    {
        if (earlier >= FirstPage)
        {
            blocks.Discard(earlier, earlier);
        }

        earlier = 0;
        mark = PreparationMark;
    }
}
