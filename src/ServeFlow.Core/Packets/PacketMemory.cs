using System.Runtime.CompilerServices;

namespace ServeFlow.Packets;

/// <summary>
/// Packets kept in memory, to be replayed as often as wanted: what a benchmark reads, so that it measures the path
/// and not the disk. The bytes never move; sources opened on it are valid as long as it is.
/// </summary>
/// <param name="chunkBytes">The size of the pieces of memory, each above the longest packet.</param>
public sealed unsafe class PacketMemory(int chunkBytes = PacketMemory.ChunkBytes)
{
    /// <summary>16 MiB a chunk: few chunks, and far above the longest packet.</summary>
    const int ChunkBytes = 1 << 24;

    readonly List<PacketSlot> slots = [];
    readonly List<byte[]> chunks = [];
    readonly int size = chunkBytes;
    int left;

    public int Count => slots.Count;

    /// <summary>Gets the i-th packet, from 0.</summary>
    public PacketSlot this[int i] => slots[i];

    /// <summary>Gets the time from the first packet to the last, in nanoseconds.</summary>
    public long SpanNs => slots.Count == 0 ? 0 : slots[^1].TimestampNs - slots[0].TimestampNs;

    /// <summary>Reads a source to its end.</summary>
    public void AddAll(IPacketSource source)
    {
        var burst = new PacketBurst();
        while (source.Poll(burst))
        {
            foreach (ref readonly var packet in burst.Packets)
            {
                Add(packet);
            }
        }
    }

    /// <summary>Copies one packet.</summary>
    public void Add(in PacketSlot packet) => slots.Add(new(Copy(packet.Bytes), packet.CapturedLength,
        packet.OriginalLength, packet.TimestampNs, packet.LinkType, packet.InterfaceIndex, packet.Number));

    /// <summary>Copies one packet, which takes the next number.</summary>
    public void Add(ReadOnlySpan<byte> bytes, int originalLength, long timestampNs, LinkType linkType) =>
        slots.Add(new(Copy(bytes), bytes.Length, originalLength, timestampNs, linkType, 0, slots.Count + 1));

    /// <summary>All packets from the first on, in the order in which they were added.</summary>
    /// <param name="laterNs">Added to every packet's time: a second replay goes on after the first.</param>
    public IPacketSource Open(long laterNs = 0) => new Source(this, laterNs, PacketBurst.Capacity, hasBacklog: true);

    /// <summary>
    /// Opens the packets as a source that gives at most <paramref name="most"/> at a time, like a link that has no more
    /// at that moment.
    /// </summary>
    public IPacketSource OpenInSteps(int most) => new Source(this, 0, most, hasBacklog: false);

    byte* Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > left)
        {
            chunks.Add(GC.AllocateUninitializedArray<byte>(size, pinned: true));
            left = size;
        }

        var place = size - left;
        bytes.CopyTo(chunks[^1].AsSpan(place));
        left -= bytes.Length;
        return (byte*)Unsafe.AsPointer(ref chunks[^1][place]); // pinned
    }

    sealed class Source(PacketMemory memory, long laterNs, int most, bool hasBacklog) : IPacketSource
    {
        int next;

        public bool HasBacklog => hasBacklog;

        public bool Poll(PacketBurst burst)
        {
            burst.Clear();
            while (burst.Count < most && next < memory.slots.Count)
            {
                burst.Add(memory.slots[next++].Delay(laterNs));
            }

            return burst.Count > 0;
        }

        public void Dispose() => GC.KeepAlive(memory);
    }
}
