using ServeFlow.Packets.Live;
using ServeFlow.Tests.Packets.Filters;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

public sealed class PcapSourceTests
{
    public PcapSourceTests() => PcapOracle.RequireLibrary();

    static LiveOptions Options { get; } = new() { Interfaces = [VethPair.Far], Backend = CaptureBackend.Pcap };

    [Fact]
    public void Poll_FramesSentAcross_ArriveByteForByte()
    {
        using var pair = VethPair.Create();
        using var source = pair.Open(Options)[0];
        using var sender = pair.OpenSender();
        byte[][] frames =
        [
            .. Enumerable.Range(0, 3000).Select(i => Frame.Simple(new byte[i % 1400])),
            Frame.Ethernet(0x8100, Frame.Vlan(7, Frame.Ip4, Frame.SimpleIp())),
        ];

        sender.Send(frames);
        var packets = source.Read(frames.Length);
        source.Dispose();

        Assert.Equal(frames, packets.Select(packet => packet.Bytes));
        Assert.All(packets, packet => Assert.Equal((1, 0), (packet.LinkType, packet.Interface)));
        Assert.Equal(new CaptureCounters(frames.Length, 0, 0), source.ReadCounters(0));
        Assert.True(packets.Zip(packets.Skip(1)).All(two => two.First.TimestampNs <= two.Second.TimestampNs));
        Assert.InRange(packets[0].TimestampNs, 1_700_000_000_000_000_000, 4_000_000_000_000_000_000);
    }

    [Fact]
    public void Poll_Filter_HandsOverWhatMatches()
    {
        using var pair = VethPair.Create();
        using var source = pair.Open(Options with { Filter = "udp port 53" })[0];
        using var sender = pair.OpenSender();

        sender.Send([.. FrameSeeds.All]);
        var packets = source.Read(2, emptyPolls: 10);

        Assert.Equal(FrameSeeds.All[1], Assert.Single(packets).Bytes);
    }

    [Fact]
    public void Poll_InterfaceRemoved_Ends()
    {
        using var pair = VethPair.Create();
        using var source = pair.Open(Options)[0];
        pair.FarNamespace.Ip($"link del {VethPair.Far}");

        Assert.Empty(source.Read(1));
        Assert.False(source.Poll(new()));
    }

    [Fact]
    public void Open_WhatCannotBe_SaysWhy()
    {
        using var pair = VethPair.Create();

        Assert.Equal("eth7: no such interface; there are: lo, sffar, any: give one of these",
            ErrorMessage(pair, Options with { Interfaces = ["eth7"] }));
        Assert.Equal("filter 'tcp prot': can't parse filter expression: syntax error: see pcap-filter(7)",
            ErrorMessage(pair, Options with { Filter = "tcp prot" }));
        Assert.Equal("the backend pcap serves one worker: ask for one, or for the backend af_packet",
            ErrorMessage(pair, Options with { Workers = 2 }));
    }

    static string ErrorMessage(VethPair pair, LiveOptions options) =>
        Assert.Throws<InputException>(() => pair.Open(options)).Message;
}
