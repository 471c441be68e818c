namespace ServeFlow.Packets.Headers.Links;

/// <summary>Holds what a header says about the bytes behind it.</summary>
/// <param name="Offset">Index of the first byte behind the header; it may lie behind the packet's end.</param>
/// <param name="EtherType">Type of what begins there.</param>
/// <param name="Frame">Link type of the frame that begins there, with <see cref="EtherType.Frame"/>.</param>
/// <param name="Vlan">VLAN id that the header gives, or 0.</param>
readonly record struct Carrier(int Offset, EtherType EtherType, LinkType Frame = default, ushort Vlan = 0)
{
    /// <summary>Values below are lengths or belong to their protocol; none may pass for this program's own.</summary>
    const int MinEtherType = 0x600;

    /// <summary>Creates a carrier of a whole frame, which begins with the header of its link type.</summary>
    public static Carrier FromFrame(int offset, LinkType frame) => new(offset, EtherType.Frame, frame);

    /// <summary>Creates a carrier from an EtherType that was read; false where it is too small to be one.</summary>
    public static bool TryCreate(int offset, int wireType, out Carrier carrier, out IgnoreReason why)
    {
        carrier = new(offset, (EtherType)wireType);
        why = IgnoreReason.NotIp;
        return wireType >= MinEtherType;
    }
}
