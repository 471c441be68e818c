using CsCheck;
using ServeFlow.Packets.Filters;
using Xunit;

namespace ServeFlow.Tests.Packets.Filters;

public sealed class BpfProgramTests
{
    static readonly string[] expressions =
    [
        "tcp", "udp port 53", "host 10.0.0.1", "not ip6", "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
        "vlan 7 and tcp", "ip6 proto 17", "portrange 1000-2000", "greater 100", "less 60", "ether host 2:0:0:0:0:1",
        "icmp[icmptype] = icmp-echo", "ip[2:2] > 100 and ip[0] & 0xf = 5", "mpls", "pppoes and tcp",
        "ip and (ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2)) != 0", "ether[0] % 3 = 1", "arp",
        "net 10.0.0.0/8 and not tcp port 80", "len / 3 * 3 = len", "ip6 and (tcp or udp)", "ip proto 47 or sctp",
        "udp[8:4] ^ 0xffffffff > 7 or -1 * ether[4] > 3",
    ];

    static readonly ushort[] codes = [.. BpfCode.All, 0x0e, 0xff];

    static readonly Gen<BpfInstruction> anyInstruction = Gen.Select(
        Gen.Int[0, codes.Length - 1].Select(i => codes[i]), Gen.Byte[0, 9], Gen.Byte[0, 9],
        Gen.OneOf(Gen.UInt[0, 31], Gen.UInt), (code, yes, no, k) => new BpfInstruction(code, yes, no, k));

    static readonly BpfInstruction[] clearMemory =
        [.. Enumerable.Range(0, BpfCheck.MemoryWords).Select(word => new BpfInstruction(0x02, 0, 0, (uint)word))];

    [Fact]
    public void Run_Expressions_AgreeWithLibpcap()
    {
        PcapOracle.RequireLibrary();
        foreach (var expression in expressions)
        {
            var program = PacketFilter.Compile(expression, ServeFlow.Packets.LinkType.Ethernet).Program;
            Mutations.From(FrameSeeds.All).Sample(packet => Agrees(program, packet), iter: 2000);
        }
    }

    [Fact]
    public void Run_RandomSoundPrograms_AgreeWithLibpcap()
    {
        PcapOracle.RequireLibrary();
        var sound = 0;
        Gen.Select(anyInstruction.Array[0, 12], Gen.Byte.Array[0, 64]).Sample((instructions, packet) =>
        {
            // A compiler reads no memory before it was written, and ends with a return.
            BpfInstruction[] ended = [.. clearMemory, .. instructions, new(0x16, 0, 0, 0)];
            if (BpfProgram.TryCreate(ended, out var program))
            {
                Interlocked.Increment(ref sound);
                Assert.True(PcapOracle.IsSound(ended));
                Agrees(program, packet);
            }
        }, iter: 100_000);
        Assert.True(sound > 1000, $"{sound} programs were sound");
    }

    [Fact]
    public void TryCreate_UnsoundPrograms_AreRefused()
    {
        var end = BpfInstruction.Return(1);
        BpfInstruction[][] unsound =
        [
            [], [BpfInstruction.Load(0)], [new(0x05, 0, 0, 1), end], [new(0x05, 0, 0, uint.MaxValue), end],
            [new(0x15, 1, 0, 0), end], [new(0x60, 0, 0, 16), end], [new(0x34, 0, 0, 0), end], [new(0xfe, 0, 0, 0), end],
            [.. Enumerable.Repeat(end, 4097)],
        ];

        Assert.All(unsound, program => Assert.False(BpfProgram.TryCreate(program, out _)));
    }

    static void Agrees(BpfProgram program, byte[] packet)
    {
        var wireLength = packet.Length + 3;
        Assert.Equal(PcapOracle.Run(program.Instructions, packet, wireLength), program.Run(packet, (uint)wireLength));
    }
}
