using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>The programs that decide in the kernel which packets reach a socket.</summary>
static class KernelFilter
{
    /// <summary>SKF_AD_OFF of linux/filter.h: loads from here on give facts about the packet, not its bytes.</summary>
    const uint Facts = 0xffff_f000;

    const uint PacketType = Facts + 4;
    const uint Interface = Facts + 8;

    /// <summary>PACKET_OUTGOING.</summary>
    const uint Outgoing = 4;

    const string Loopback = "lo";

    /// <summary>Lets nothing pass.</summary>
    public static IReadOnlyList<BpfInstruction> Nothing { get; } = [BpfInstruction.Return(0)];

    /// <summary>What an interface's packets go through.</summary>
    public static BpfInstruction[] For(LinkInterface link, int snapLength) =>
        [.. WithoutEchoes(link), BpfInstruction.Return((uint)snapLength)];

    /// <summary>On the loopback interface every packet shows up twice: leaving, and arriving. One is enough.</summary>
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
