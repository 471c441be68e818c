using System.Runtime.InteropServices;

namespace ServeFlow.Packets.Filters;

/// <summary>
/// A pcap filter expression, compiled by libpcap for packets of one link type, and run without it. Immutable.
/// </summary>
public sealed unsafe class PacketFilter
{
    /// <summary>MAXIMUM_SNAPLEN of libpcap: what a matching program returns.</summary>
    const int WholePacket = 262_144;

    PacketFilter(string text, LinkType linkType, BpfProgram program) =>
        (Text, LinkType, Program) = (text, linkType, program);

    public string Text { get; }

    public LinkType LinkType { get; }

    internal BpfProgram Program { get; }

    /// <summary>Compiles for packets of one link type.</summary>
    /// <exception cref="InputException">It does not compile; the message has libpcap's own words.</exception>
    public static PacketFilter Compile(string text, LinkType linkType) => Compile(text, linkType, WholePacket);

    /// <summary>Compiles a program that accepts at most <paramref name="snapLength"/> bytes of a packet.</summary>
    /// <inheritdoc cref="Compile(string, LinkType)"/>
    internal static PacketFilter Compile(string text, LinkType linkType, int snapLength) =>
        TryCompile(text, linkType, snapLength, out var filter, out var complaint)
            ? filter
            : throw new InputException(DoesNotCompile(text, complaint));

    /// <summary>Compiles for Ethernet, or where the expression is about 802.11 for that.</summary>
    /// <exception cref="InputException">It does not compile; the message has libpcap's own words.</exception>
    public static PacketFilter Compile(string text)
    {
        if (TryCompile(text, LinkType.Ethernet, WholePacket, out var filter, out var complaint))
        {
            return filter;
        }

        return complaint.Contains("802.11")
            ? Compile(text, LinkType.WifiRadiotap)
            : throw new InputException(DoesNotCompile(text, complaint));
    }

    /// <summary>
    /// Determines whether the filter accepts the packet. It never accepts packets of another link type.
    /// </summary>
    public bool Matches(in PacketSlot packet) =>
        packet.LinkType == LinkType && Program.Run(packet.Bytes, (uint)packet.OriginalLength) != 0;

    /// <param name="complaint">libpcap's message where it does not compile.</param>
    internal static bool TryCompile(string text, LinkType linkType, int snapLength, out PacketFilter filter,
        out string complaint)
    {
        PcapLibrary.Require("a filter");
        var (dead, compiled) = (PcapLibrary.OpenDead(DataLink(linkType), snapLength), default(CompiledFilter));
        try
        {
            if (PcapLibrary.Compile(dead, &compiled, text, optimize: 1, PcapLibrary.NoNetmask) != 0)
            {
                (filter, complaint) = (null!, Marshal.PtrToStringUTF8(PcapLibrary.GetError(dead)) ?? "no reason given");
                return false;
            }

            var isSound = BpfProgram.TryCreate(new(compiled.Instructions, (int)compiled.Length), out var program);
            PcapLibrary.FreeCode(&compiled);
            (filter, complaint) = (new(text, linkType, program), "the program is too long");
            return isSound;
        }
        finally
        {
            PcapLibrary.Close(dead);
        }
    }

    internal static string DoesNotCompile(string text, string complaint) =>
        $"filter '{InputException.Quote(text)}': {InputException.Quote(complaint)}: see pcap-filter(7)";

    /// <summary>libpcap's DLT_ number on Linux, which differs from the file's for a few.</summary>
    static int DataLink(LinkType linkType) => linkType switch
    {
        LinkType.Raw or LinkType.RawOpenBsd => (int)LinkType.RawBsd,
        LinkType.AtmRfc1483 => 11,
        LinkType.SlipBsdOs => 15,
        LinkType.PppBsdOs => 16,
        LinkType.AtmClip => 19,
        _ => (int)linkType,
    };
}
