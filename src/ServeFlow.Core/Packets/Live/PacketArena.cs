namespace ServeFlow.Packets.Live;

/// <summary>Keeps the packets of one burst for a source that does not keep them.</summary>
sealed unsafe class PacketArena
{
    /// <summary>MAXIMUM_SNAPLEN of libpcap.</summary>
    const int MaxPacketLength = 262_144;

    /// <summary>A full burst of ordinary packets, and of the longest at least a few.</summary>
    const int Bytes = 1 << 21;

    readonly byte[] bytes = GC.AllocateUninitializedArray<byte>(Bytes, pinned: true);
    int used;

    /// <summary>Gets whether any packet still fits.</summary>
    public bool HasRoom => used <= Bytes - MaxPacketLength;

    /// <summary>All packets become void.</summary>
    public void Clear() => used = 0;

    /// <summary>Copies a packet; it stays where it is put until <see cref="Clear"/>.</summary>
    public byte* Copy(ReadOnlySpan<byte> packet)
    {
        packet = packet[..Math.Min(packet.Length, MaxPacketLength)];
        var place = Begin(out var most);
        packet.CopyTo(new(place, most));
        End(packet.Length);
        return place;
    }

    /// <summary>Returns the place for the next packet, which has room where <see cref="HasRoom"/> says so.</summary>
    /// <param name="most">Receives the bytes of the room.</param>
    public byte* Begin(out int most)
    {
        most = Bytes - used;
        return (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref bytes[used]);
    }

    /// <summary>Keeps the packet that was put there; without this call the next one takes its place.</summary>
    public void End(int length) => used += length;
}
