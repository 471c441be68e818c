namespace ServeFlow.Packets.Live;

/// <summary>Describes the form in which an interface's packets are handed over.</summary>
/// <param name="LinkType">As their decoder must know them.</param>
/// <param name="IsCooked">
/// Whether the kernel leaves the link-layer header out and a cooked header (LINKTYPE_LINUX_SLL) is put in its place.
/// </param>
/// <param name="TagAt">Where a VLAN tag that the kernel took out belongs; 0 where there can be none.</param>
readonly record struct LinkFraming(LinkType LinkType, bool IsCooked, int TagAt)
{
    /// <summary>A tag lies behind the two addresses.</summary>
    public static readonly LinkFraming Ethernet = new(LinkType.Ethernet, IsCooked: false, TagAt: 12);

    /// <summary>Puts the cooked header before the protocol, as libpcap does.</summary>
    public static readonly LinkFraming Cooked =
        new(LinkType.LinuxCooked, IsCooked: true, TagAt: CookedFrame.ProtocolAt);

    /// <summary>The framing of an ARPHRD_ number (linux/if_arp.h). What is not known well is cooked.</summary>
    public static LinkFraming FromHardwareType(ushort hardwareType) => hardwareType switch
    {
        1 or 772 => Ethernet,
        519 or 0xfffe => new(LinkType.Raw, IsCooked: false, TagAt: 0),
        801 => new(LinkType.Wifi, IsCooked: false, TagAt: 0),
        803 => new(LinkType.WifiRadiotap, IsCooked: false, TagAt: 0),
        _ => Cooked,
    };
}
