namespace ServeFlow.Packets.Live;

/// <summary>TPACKET_V3: a block holds many packets, and is handed over when it is full or old enough.</summary>
readonly unsafe struct BlockLayout : IRingLayout
{
    /// <summary>
    /// The longest packet (64 KiB after the kernel's receive offload) fits with room to spare, and at the smallest
    /// there are enough blocks that retiring half-empty ones costs little memory.
    /// </summary>
    public const int BlockBytes = 1 << 17;

    const long NsPerSecond = 1_000_000_000;

    public static uint* Status(byte* block) => &((BlockHeader*)block)->Status;

    public static uint CountPackets(byte* block) => ((BlockHeader*)block)->Packets;

    public static byte* FirstPacket(byte* block) => block + ((BlockHeader*)block)->FirstPacketAt;

    public static byte* NextPacket(byte* packet) => packet + ((PacketHeader3*)packet)->NextAt;

    public static long TimestampNs(byte* packet)
    {
        var header = (PacketHeader3*)packet;
        return (header->Seconds * NsPerSecond) + header->Nanoseconds;
    }

    public static RingPacket Describe(byte* packet)
    {
        var header = (PacketHeader3*)packet;
        return new((nint)packet + header->LinkAt, (int)header->Captured, (int)header->Original, header->Status,
            (ushort)header->VlanTag, header->VlanProtocol, (nint)packet + PacketHeader3.AddressAt);
    }
}

/// <summary>TPACKET_V2: a block is one packet, and is handed over as soon as it was written.</summary>
readonly unsafe struct FrameLayout : IRingLayout
{
    /// <summary>
    /// A block holds a packet of 1,500 bytes. A longer one comes whole through the socket, its first bytes in the ring.
    /// </summary>
    const int MaxBytes = 2048;

    const int MinBytes = 256;

    /// <summary>Specifies the most that lies before a packet: header, address, the kernel's alignment, room for a
    /// tag.</summary>
    const int Headroom = 96;

    const long NsPerSecond = 1_000_000_000;

    /// <summary>Computes the bytes of a block: a power of two, so that blocks follow each other without gaps.</summary>
    public static int BytesFor(int snapLength) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2(
        (uint)Math.Clamp(snapLength + Headroom, MinBytes, MaxBytes));

    public static uint* Status(byte* block) => &((PacketHeader2*)block)->Status;

    public static uint CountPackets(byte* block) => 1;

    public static byte* FirstPacket(byte* block) => block;

    public static byte* NextPacket(byte* packet) => packet;

    public static long TimestampNs(byte* packet)
    {
        var header = (PacketHeader2*)packet;
        return (header->Seconds * NsPerSecond) + header->Nanoseconds;
    }

    public static RingPacket Describe(byte* packet)
    {
        var header = (PacketHeader2*)packet;
        return new((nint)packet + header->LinkAt, (int)header->Captured, (int)header->Original, header->Status,
            header->VlanTag, header->VlanProtocol, (nint)packet + PacketHeader2.AddressAt);
    }
}
