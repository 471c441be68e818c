using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>Provides the programs that decide in the kernel which packets reach a socket.</summary>
static class KernelFilter
{
    /// <summary>SKF_AD_OFF of linux/filter.h: loads from here on give facts about the packet, not its bytes.</summary>
    const uint AncillaryOffset = 0xffff_f000;

    const uint PacketType = AncillaryOffset + 4;
    const uint Interface = AncillaryOffset + 8;
    const uint HasVlanTag = AncillaryOffset + 48;

    /// <summary>Exceeds the length of any packet, in bytes.</summary>
    const uint WholePacket = 262_144;

    /// <summary>PACKET_OUTGOING.</summary>
    const uint Outgoing = 4;

    const string Loopback = "lo";

    /// <summary>Lets nothing pass.</summary>
    public static IReadOnlyList<BpfInstruction> RejectAll { get; } = [BpfInstruction.Return(0)];

    /// <summary>
    /// Creates the program that an interface's packets go through. Whatever the kernel shows otherwise than we hand it
    /// over (its tag taken out, its link-layer header left out) passes whole: <see cref="LinkTap{TLayout}"/> puts it
    /// together and filters it then, so that an expression means the same on a link as on a file.
    /// </summary>
    /// <param name="filter">Compiled with the snap length; null for all packets.</param>
    public static BpfInstruction[] Create(LinkInterface link, PacketFilter? filter, int snapLength) =>
        filter is null ? [.. WithoutEchoes(link), BpfInstruction.Return((uint)snapLength)]
        : link.Framing.IsCooked ? [.. WithoutEchoes(link), BpfInstruction.Return(WholePacket)]
        : [.. WithoutEchoes(link), .. TaggedPass, .. filter.Program.Instructions];

    static BpfInstruction[] TaggedPass { get; } =
    [
        BpfInstruction.Load(HasVlanTag),
        BpfInstruction.SkipIfEqual(0, 1, 0),
        BpfInstruction.Return(WholePacket),
    ];

    /// <summary>
    /// Creates a program that drops echoes: on the loopback interface every packet shows up twice, leaving and
    /// arriving, and one is enough.
    /// </summary>
    static BpfInstruction[] WithoutEchoes(LinkInterface link) =>
        link.Name is not (Loopback or LinkInterface.Any) ? [] :
        [
            BpfInstruction.Load(PacketType),
            BpfInstruction.SkipIfEqual(Outgoing, 0, 3),
            BpfInstruction.Load(Interface),
            BpfInstruction.SkipIfEqual(Libc.IndexOf(Loopback), 0, 1),
            BpfInstruction.Return(0),
        ];
}
