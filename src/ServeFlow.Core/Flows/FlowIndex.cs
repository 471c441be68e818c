using System.Numerics;

namespace ServeFlow.Flows;

/// <summary>
/// Which hash lives at which flow index: open addressing with linear probing over a power of two of eight-byte
/// entries, at most half full. An entry holds the hash's upper 32 bits, which also say where its probing started, so
/// that growing and removing never look at a flow. Removing shifts later entries back: there are no tombstones.
/// </summary>
sealed class FlowIndex
{
    const int FirstCapacity = 1 << 10;

    ulong[] entries = new ulong[FirstCapacity];
    uint mask = FirstCapacity - 1;

    public int Count { get; private set; }

    public long Bytes => (long)entries.Length * sizeof(ulong);

    /// <summary>What <see cref="Bytes"/> comes to with <paramref name="flows"/> entries.</summary>
    public static long BytesFor(int flows) =>
        Math.Max(FirstCapacity, (long)BitOperations.RoundUpToPowerOf2((ulong)flows * 2)) * sizeof(ulong);

    /// <summary>Where the probing for a hash starts; a candidate is at <see cref="Next"/>'s result.</summary>
    public uint Start(ulong hash) => Tag(hash) & mask;

    /// <summary>
    /// The next flow index, from <paramref name="position"/> on, whose stored tag agrees with the hash, or −1 where
    /// there is none. The caller compares keys and, on a false match, calls again.
    /// </summary>
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
        if (Count * 2 >= entries.Length)
        {
            Grow();
        }

        Place(((ulong)Tag(hash) << 32) | (uint)(flow + 1));
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

        Close(hole);
        Count--;
    }

    /// <summary>
    /// Moves back every later entry of the run that may move: those whose start is not past the hole.
    /// </summary>
    void Close(uint hole)
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

    void Place(ulong entry)
    {
        var position = (uint)(entry >> 32) & mask;
        while (entries[position] != 0)
        {
            position = (position + 1) & mask;
        }

        entries[position] = entry;
    }

    void Grow()
    {
        var old = entries;
        entries = new ulong[old.Length * 2];
        mask = (uint)entries.Length - 1;
        foreach (var entry in old)
        {
            if (entry != 0)
            {
                Place(entry);
            }
        }
    }

    static uint Tag(ulong hash) => (uint)(hash >> 32);
}
