namespace ServeFlow.Packets;

/// <summary>
/// Packets kept in memory, to be replayed as often as wanted: what a benchmark reads, so that it measures the path
/// and not the disk. The bytes never move; sources opened on it are valid as long as it is.
/// </summary>
public sealed unsafe class PacketMemory
{
    /// <summary>16 MiB a chunk: few chunks, and far above the longest packet.</summary>
    const int ChunkBytes = 1 << 24;

    readonly List<PacketSlot> slots = [];
    readonly List<byte[]> chunks = [];
    int used = ChunkBytes;

    public int Count => slots.Count;

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
    public void Add(in PacketSlot packet)
    {
        if (used + packet.CapturedLength >= ChunkBytes)
        {
            chunks.Add(GC.AllocateUninitializedArray<byte>(ChunkBytes, pinned: true));
            used = 0;
        }

        packet.Bytes.CopyTo(chunks[^1].AsSpan(used));
        fixed (byte* data = &chunks[^1][used])
        {
            slots.Add(new(data, packet.CapturedLength, packet.OriginalLength, packet.TimestampNs, packet.LinkType,
                packet.InterfaceIndex, packet.Number));
        }

        used += packet.CapturedLength;
    }

    /// <summary>All packets from the first on, in the order in which they were added.</summary>
    public IPacketSource Open() => new Source(this);

    sealed class Source(PacketMemory memory) : IPacketSource
    {
        int next;

        public bool HasBacklog => true;

        public bool Poll(PacketBurst burst)
        {
            burst.Clear();
            while (!burst.IsFull && next < memory.slots.Count)
            {
                burst.Add(memory.slots[next++]);
            }

            return burst.Count > 0;
        }

        public void Dispose() => GC.KeepAlive(memory);
    }
}
