using ServeFlow.Flows;
using ServeFlow.Tests.Serving;
using ServeFlow.Units;
using Xunit;

namespace ServeFlow.Tests.Units;

public sealed class UnitCollectorTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Run_MorePacketsThanDepth_KeepsTheFirst() =>
        Assert.Equal([3], Packets(3, Second, null,
            source => source.Udp(0, 1, 0).Udp(1, 1, 0).Udp(2, 1, 0).Udp(3, 1, 0)));

    [Theory]
    [InlineData(1000, 100)]
    [InlineData(40, 40)]
    public void Run_MorePacketsThanAUnitBeginsWithRoomFor_KeepsAllUpToTheDepth(int depth, int expected) =>
        Assert.Equal([expected], Packets(depth, Second, null, source => Enumerable.Range(0, 100)
            .Aggregate(source, (sent, packet) => sent.Udp(packet, 1, 0))));

    [Fact]
    public void Run_PacketAtTheWaitLimit_IsKeptAndALaterOneIsNot() =>
        Assert.Equal([2], Packets(9, Second, null, source => source.Udp(0, 1, 0).Udp(1000, 1, 0).Udp(1000.001, 1, 0)));

    /// <summary>The clock of the flow table never moves back, and neither does what is over.</summary>
    [Fact]
    public void Run_PacketDatedBackWithinThePassedLimit_IsNotKept() =>
        Assert.Equal([1, 1], Packets(9, Second, null, source => source.Udp(0, 1, 0).Udp(1500, 2, 0).Udp(500, 1, 0)));

    [Fact]
    public void Run_BothSidesSentFin_TheSecondIsTheLastKept() =>
        Assert.Equal([3], Packets(9, Second, null, source => source.Tcp(0, 1, TcpFlags.Syn).Tcp(1, 1, TcpFlags.Fin)
            .Tcp(2, 1, TcpFlags.Fin, false).Tcp(3, 1, TcpFlags.Ack).Tcp(4, 1, TcpFlags.Ack)));

    [Fact]
    public void Run_Reset_IsTheLastKept() =>
        Assert.Equal([2], Packets(9, Second, null, source => source.Tcp(0, 1, TcpFlags.Syn)
            .Tcp(1, 1, TcpFlags.Rst, false).Tcp(2, 1, TcpFlags.Ack)));

    /// <summary>After the close each window is judged by its first packet alone.</summary>
    [Fact]
    public void Run_WindowsAfterTheClose_HaveOnePacketEach() =>
        Assert.Equal([2, 1], Packets(9, Second, Second, source => source.Tcp(0, 1, TcpFlags.Syn)
            .Tcp(1, 1, TcpFlags.Rst, false).Tcp(1001, 1, TcpFlags.Ack).Tcp(1002, 1, TcpFlags.Ack)));

    [Fact]
    public void Run_Windows_AreNumberedFromTheFlowsFirstPacket()
    {
        var units = Collect(9, Second, Second, source => source.Udp(0, 1, 0).Udp(999, 1, 0).Udp(3500, 1, 0)).Units;

        Assert.Equal([(0L, 0L, 1000L), (3L, 3500L, 4000L)],
            units.Select(unit => (unit.Window, Milliseconds(unit.FirstNs), Milliseconds(unit.EndNs))));
    }

    /// <summary>A connection ends for its owner when it closes, not when the table has let it linger.</summary>
    [Fact]
    public void Run_ConnectionCloses_EndsThen()
    {
        var received = Collect(1, Second, null, source => source.Tcp(0, 1, TcpFlags.Syn)
            .Tcp(5, 1, TcpFlags.Rst, false).Tcp(7, 1, TcpFlags.Ack).Udp(2000, 2, 0));

        Assert.Equal([5, 2000], received.EndsNs.Select(Milliseconds));
        Assert.Equal((0, 2000), (Milliseconds(received.Span.FromNs), Milliseconds(received.Span.ToNs)));
    }

    [Fact]
    public void Run_UnwantedFlow_IsNotReceivedAndItsEndIsTold()
    {
        var received = new ReceivedUnits { Wants = flow => flow == 1 };
        Run(9, Second, null, source => source.Udp(0, 1, 0).Udp(1, 2, 0).Udp(2, 1, 0), received);

        Assert.Equal([1], received.Units.Select(unit => Milliseconds(unit.FirstNs)));
        Assert.Equal(2, received.EndsNs.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    public void Rule_DepthOutOfBounds_Throws(int depth) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CollectionRule(depth, Second, default));

    static IEnumerable<int> Packets(int depth, TimeSpan waitLimit, TimeSpan? window,
        Func<MemorySource, MemorySource> traffic) =>
        Collect(depth, waitLimit, window, traffic).Seen.Units.OrderBy(unit => unit.FirstNs)
            .Select(unit => unit.Packets);

    static ReceivedUnits Collect(int depth, TimeSpan waitLimit, TimeSpan? window,
        Func<MemorySource, MemorySource> traffic) => Run(depth, waitLimit, window, traffic, new());

    static ReceivedUnits Run(int depth, TimeSpan waitLimit, TimeSpan? window, Func<MemorySource, MemorySource> traffic,
        ReceivedUnits received)
    {
        var collector = new UnitCollector(new(depth, waitLimit, new(window)), new(), received);
        collector.Run(traffic(new()), TestContext.Current.CancellationToken);
        collector.Finish();
        return received;
    }

    static long Milliseconds(long ns) => (ns - MemorySource.Start) / MemorySource.Millisecond;
}
