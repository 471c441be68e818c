namespace ServeFlow.Packets.Live;

/// <summary>Says where a version of the kernel's ring keeps what, from the start of a block or of a packet.</summary>
unsafe interface IRingLayout
{
    /// <summary>Gets the word that says whose the block is.</summary>
    static abstract uint* Status(byte* block);

    static abstract uint CountPackets(byte* block);

    static abstract byte* FirstPacket(byte* block);

    /// <summary>Gets the packet behind one that is not the last of its block.</summary>
    static abstract byte* NextPacket(byte* packet);

    /// <summary>Gets the capture time of a packet, ns since the Unix epoch.</summary>
    static abstract long TimestampNs(byte* packet);

    static abstract RingPacket Describe(byte* packet);
}

/// <summary>Describes a packet in a ring, whatever the ring's version.</summary>
/// <param name="Data">Where the packet begins: its link-layer header, or the network header of a cooked one.</param>
/// <param name="Captured">Bytes of it that are there.</param>
/// <param name="Original">Bytes of it on the wire.</param>
/// <param name="Status">Bits of <c>tp_status</c>.</param>
/// <param name="VlanTag">The tag that the kernel took out, where the status says so.</param>
/// <param name="VlanProtocol">The tag's EtherType, where the status says so.</param>
/// <param name="Address">Who sent the packet, and to whom.</param>
readonly unsafe record struct RingPacket(nint Data, int Captured, int Original, uint Status, ushort VlanTag,
    ushort VlanProtocol, nint Address);
