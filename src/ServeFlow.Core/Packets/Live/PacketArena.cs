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
        packet.CopyTo(bytes.AsSpan(used));
        var place = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref bytes[used]);
        used += packet.Length;
        return place;
    }
}
