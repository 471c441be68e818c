using System.Buffers.Binary;
using CsCheck;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using ServeFlow.Tests.Serving;
using Xunit;

namespace ServeFlow.Tests.Flows;

/// <summary>Copies of a packet are told from packets that only look alike.</summary>
public sealed class DuplicateTests
{
    const int Ip = 14;

    static readonly byte[] Data = Tcp(7, 1000, new byte[40]);

    /// <summary>What a switch or router changes makes no other packet of it.</summary>
    [Fact]
    public void Track_CopyByAnotherWay_IsADuplicate()
    {
        AssertDuplicate(Data, 0.02, Data);
        AssertDuplicate(Data, 0.02, Retagged(Data, 7));
        AssertDuplicate(Retagged(Data, 7), 9, Retagged(Data, 8));
        AssertDuplicate(Data, 0.5, NextHop(Data));
        AssertDuplicate(Data, -0.01, Data);
        AssertDuplicate(Data, 0.02, [.. Data, 0, 0, 0, 0]);
    }

    [Fact]
    public void Track_RealRetransmission_IsNone()
    {
        AssertDifferent(Data, 0.02, Tcp(8, 1000, new byte[40]));
        AssertDifferent(Data, 200, Data);
        AssertDifferent(Data, 11, Data);
        AssertDifferent(Data, 0.02, Tcp(7, 1001, new byte[40]));
        AssertDifferent(Data, 0.02, Tcp(7, 1000, new byte[41]));
        AssertDifferent(Data, 0.02, Tcp(7, 1000, [1, .. new byte[39]]));
    }

    /// <summary>Linux leaves the identification of datagrams at 0: their content and time must decide.</summary>
    [Fact]
    public void Track_DatagramsWithoutIdentification_AreCopiesOnlyAtOnce()
    {
        var datagram = Udp(0, new byte[30]);
        AssertDuplicate(datagram, 0.03, datagram);
        AssertDifferent(datagram, 0.13, datagram); // SSDP says everything twice
        AssertDuplicate(datagram, 5, NextHop(datagram));
        AssertDuplicate(datagram, 5, Retagged(datagram, 3));
        AssertDifferent(datagram, 1, datagram);
        AssertDifferent(datagram, 0.01, Udp(0, [.. new byte[29], 1]));
        AssertDifferent(datagram, 0.01, Udp(0, new byte[31]));
    }

    /// <summary>
    /// A closed socket resets once for each segment that comes; a receiver acknowledges twice at once.
    /// </summary>
    [Fact]
    public void Track_RepeatsOfTcpWithoutIdentification_AreNoCopies()
    {
        var (reset, acknowledgement) = (Tcp6(1000, TcpFlags.Rst), Tcp6(1000, TcpFlags.Ack));
        AssertDifferent(reset, 0.001, reset);
        AssertDuplicate(reset, 0.001, NextHop6(reset));
        AssertDifferent(acknowledgement, 0.12, acknowledgement);
        AssertDuplicate(acknowledgement, 0.02, acknowledgement);
        AssertDuplicate(Tcp(7, 1000, []), 5, Tcp(7, 1000, []));
    }

    [Fact]
    public void Track_Ipv6_IsComparedWithoutIdentification()
    {
        var (syn, datagram) = (Tcp6(1000), Udp6(new byte[5]));
        AssertDuplicate(syn, 0.05, syn);
        AssertDuplicate(syn, 0.9, syn);
        AssertDuplicate(syn, 5, Retagged(syn, 7));
        AssertDuplicate(datagram, 0.03, datagram);
        AssertDifferent(datagram, 1, datagram);
        AssertDifferent(syn, 0.05, Tcp6(1001));
    }

    /// <summary>A snap length cuts the tagged copy four bytes earlier.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(68)]
    [InlineData(72)]
    [InlineData(96)]
    public void Track_CutCopies_AreCompared(int snapLength)
    {
        var packet = Tcp(7, 1000, new byte[400]);
        AssertDuplicate(packet, 0.02, Retagged(packet, 7), snapLength);
    }

    [Fact]
    public void Track_Dropping_LeavesTheCopiesOutOfTheFlowAndOfTime()
    {
        var table = NewTable(drops: true);
        Track(table, 0, Data);
        var now = table.NowNs;
        Track(table, 1, Data);

        Assert.Equal((1, 1), (table.Tracked, table.Untracked[UntrackedReason.Duplicate]));
        Assert.Equal((0, now), (table.Events[FlowEvent.DuplicatePacket], table.NowNs));
        Assert.Equal(1, new TrafficOddities(new(), table.Events, table.Untracked).Duplicates);
    }

    [Fact]
    public void Reset_ForgetsThePacketsOfTheCaptureBefore()
    {
        var table = NewTable();
        Track(table, 0, Data);
        table.EndAll(EndReason.ForcedEnd);
        table.Reset();
        Track(table, 0, Data);

        Assert.Equal(0, table.Events[FlowEvent.DuplicatePacket]);
    }

    /// <summary>Where copies are only counted and hardly any came, one block in eight is looked at.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Track_LongWithoutCopies_LooksAtOneBlockInEight(bool drops, int found)
    {
        const int Block = 8192;
        var table = NewTable(drops);
        for (var i = 0; i < 41 * Block; i++)
        {
            var frame = Tcp(1 + (i & 0x7fff), (uint)i, []);
            Track(table, i * 0.1, frame);
            if (i is (33 * Block) + 100 or (40 * Block) + 100)
            {
                Track(table, i * 0.1, frame);
            }
        }

        Assert.Equal(found, new TrafficOddities(new(), table.Events, table.Untracked).Duplicates);
    }

    /// <summary>Without its copies, a capture whose packets stand twice gives the original's flows.</summary>
    [Fact]
    public void Track_EveryPacketTwice_DroppingGivesTheOriginalsFlows() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 5000], Gen.Int[0, 40], Gen.Bool).Select((flow, pause, delay, tagged) =>
            (Flow: flow % 5, Pause: pause, Delay: delay, Tagged: tagged)).Array[1, 100].Sample(steps =>
        {
            var (once, twice) = (NewTable(drops: true, out var expected), NewTable(drops: true, out var ends));
            var now = 0.0;
            for (var i = 0; i < steps.Length; i++)
            {
                var frame = Tcp(1 + i, (uint)i, new byte[i % 9], 2000 + steps[i].Flow);
                Track(once, now, frame);
                Track(twice, now, frame);
                Track(twice, now + (steps[i].Delay / 1000.0), steps[i].Tagged ? Retagged(frame, 9) : frame);
                now += 0.05 + (steps[i].Pause * steps[i].Pause / 1000.0);
            }

            once.EndAll(EndReason.ForcedEnd);
            twice.EndAll(EndReason.ForcedEnd);
            Assert.Equal(expected.Select(Facts), ends.Select(Facts));
            Assert.Equal(steps.Length, twice.Untracked[UntrackedReason.Duplicate]);
        });

    static (FlowKey, uint, long, long, EndReason, long) Facts(FlowEnd end) => (end.Flow.Key, end.Flow.PacketsForward,
        end.Flow.FirstNs, end.Flow.LastNs, end.Reason, end.EndNs);

    /// <param name="milliseconds">Time from the first packet to the second.</param>
    static void AssertDuplicate(byte[] first, double milliseconds, byte[] second, int snapLength = 2000) =>
        Assert.Equal(1, CountDuplicates(first, milliseconds, second, snapLength));

    static void AssertDifferent(byte[] first, double milliseconds, byte[] second) =>
        Assert.Equal(0, CountDuplicates(first, milliseconds, second, 2000));

    static long CountDuplicates(byte[] first, double milliseconds, byte[] second, int snapLength)
    {
        var table = NewTable();
        Track(table, 0, first, snapLength);
        Track(table, milliseconds, second, snapLength);
        Assert.Equal(2, table.Tracked);
        return table.Events[FlowEvent.DuplicatePacket];
    }

    static FlowTable<EndLog> NewTable(bool drops = false) => NewTable(drops, out _);

    static FlowTable<EndLog> NewTable(bool drops, out List<FlowEnd> ends)
    {
        ends = [];
        return new(new() { HashSeed = 1, DropsDuplicates = drops }, new(ends));
    }

    static unsafe void Track(FlowTable<EndLog> table, double milliseconds, byte[] frame, int snapLength = 2000)
    {
        var cut = frame[..Math.Min(frame.Length, snapLength)];
        fixed (byte* data = cut)
        {
            var packet = new PacketSlot(data, cut.Length, frame.Length,
                MemorySource.Start + (long)(milliseconds * MemorySource.Millisecond), LinkType.Ethernet, 0, 1);
            Assert.True(PacketDecoder.TryDecode(packet, out var headers, out _));
            table.Track(packet, headers, out _, out _);
        }
    }

    static byte[] Tcp(int id, uint sequence, byte[] payload, int port = 2000) => Numbered(id,
        Frame.Ipv4("10.0.0.1", "10.0.0.2", 6, Frame.Tcp(port, 80, TcpFlags.Ack, sequence, payload: payload)));

    static byte[] Udp(int id, byte[] payload) =>
        Numbered(id, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(2000, 53, payload)));

    static byte[] Tcp6(uint sequence, byte flags = TcpFlags.Syn) => Frame.Ethernet(Frame.Ip6,
        Frame.Ipv6("2001:db8::1", "2001:db8::2", 6, Frame.Tcp(2000, 80, flags, sequence)));

    static byte[] Udp6(byte[] payload) => Frame.Ethernet(Frame.Ip6,
        Frame.Ipv6("2001:db8::1", "2001:db8::2", 17, Frame.Udp(2000, 53, payload)));

    static byte[] Numbered(int id, byte[] packet)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)id);
        return Frame.Ethernet(Frame.Ip4, packet);
    }

    static byte[] Retagged(byte[] frame, int vlan)
    {
        var isTagged = frame[12] == 0x81;
        var type = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(isTagged ? 16 : 12));
        return Frame.Ethernet(0x8100, Frame.Vlan(vlan, type, frame[(isTagged ? 18 : 14)..]));
    }

    static byte[] NextHop6(byte[] frame)
    {
        byte[] next = [.. frame];
        (next[5], next[11], next[Ip + 7]) = (9, 8, (byte)(next[Ip + 7] - 1));
        return next;
    }

    /// <summary>The packet behind a router: other stations, a time to live one less, another header checksum.</summary>
    static byte[] NextHop(byte[] frame)
    {
        byte[] next = [.. frame];
        (next[5], next[11], next[Ip + 8], next[Ip + 10]) = (9, 8, (byte)(next[Ip + 8] - 1), 77);
        return next;
    }
}
