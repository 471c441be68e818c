using ServeFlow.Flows;
using ServeFlow.Flows.Timers;
using Xunit;
using static ServeFlow.Tests.Flows.PacketMaker;

namespace ServeFlow.Tests.Flows;

public sealed class FlowTableFullTests
{
    const int Max = 100;

    readonly FlowTableHarness bench = new(new() { MaxFlows = Max });

    [Fact]
    public void Track_FlowsBeyondTheLimit_EndTheOldestFirstForLackOfResources()
    {
        Fill();
        bench.Track(20, Datagram(5000));
        bench.Track(21, Datagram(9000));

        Assert.True(bench.Table.InEmergency);
        Assert.Equal(1, bench.Table.Events[FlowEvent.EmergencyBegan]);
        Assert.All(bench.Ends, end => Assert.Equal(EndReason.LackOfResources, end.Reason));
        Assert.Equal(Enumerable.Range(5001, 2), bench.Ends.Select(end => (int)end.Flow.SourcePort));
    }

    [Fact]
    public void Track_ClosedConnectionsInAFullTable_EndForWhatTheyAre()
    {
        for (var i = 0; i < Max; i++)
        {
            bench.Track(10, Headers(Tcp, "10.0.0.1", 5000 + i, "10.0.0.2", 80, Rst));
        }

        bench.Track(11, Datagram(9000));
        Assert.Equal(2, bench.Ends.Count);
        Assert.All(bench.Ends, end => Assert.Equal(EndReason.EndOfFlow, end.Reason));
    }

    [Fact]
    public void Track_InEmergency_GoesOnUntilThirtyPercentAreFree()
    {
        Fill();
        var port = 9000;
        while (bench.Table.Active == Max || bench.Table.InEmergency)
        {
            bench.Track(21, Datagram(port++));
        }

        Assert.Equal((Max * 70 / 100) + 1, bench.Table.Active);
        Assert.Equal(1, bench.Table.Events[FlowEvent.EmergencyEnded]);
    }

    [Fact]
    public void Track_OldFlowsThatSpokeSinceTheyWereRanked_AreSpared()
    {
        Fill();
        bench.Track(20, Datagram(9000));
        for (var port = 5002; port < 5099; port++)
        {
            bench.Track(20.5, Datagram(port));
        }

        bench.Track(21, Datagram(9001));
        Assert.Equal(5099, bench.Ends[2].Flow.SourcePort);
    }

    [Fact]
    public void Advance_InEmergency_EndsNewFlowsAfterATenthOfTheirTimeout()
    {
        Fill();
        bench.Track(20, Datagram(9000));
        Assert.True(bench.Table.InEmergency);
        bench.Table.Advance((26 * Second) + TimerWheel.TickNs);

        Assert.Equal((9000, EndReason.LackOfResources), (bench.Ends[^1].Flow.SourcePort, bench.Ends[^1].Reason));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Track_FloodOfNewFlows_NeverExceedsTheLimitNorLosesCount(int limit)
    {
        var flooded = new FlowTableHarness(new() { MaxFlows = limit });
        for (var i = 0; i < 1000; i++)
        {
            Assert.NotEqual(-1, flooded.Track(i * 0.001, Datagram(i)));
            Assert.InRange(flooded.Table.Active, 1, limit);
            Assert.Equal(flooded.Table.Created, flooded.Table.Active + flooded.Table.Ended.Total);
        }

        Assert.InRange(flooded.Table.TableBytes, 1, flooded.Table.LimitBytes);
    }

    [Fact]
    public void TableBytes_FullTable_IsWithinTheLimit()
    {
        var table = new FlowTableHarness(new() { MaxFlows = 20_000 });
        Assert.InRange(table.Table.TableBytes, 1, 100_000);
        for (var i = 0; i < 40_000; i++)
        {
            table.Track(i * 0.0001, Datagram(i, 53 + (i >> 16)));
        }

        Assert.InRange(table.Table.TableBytes, 20_000 * 128, table.Table.LimitBytes);
    }

    /// <summary>Ports 5000 to 5099, a tenth of a second apart.</summary>
    void Fill()
    {
        for (var i = 0; i < Max; i++)
        {
            bench.Track(10 + (i * 0.01), Datagram(5000 + i));
        }
    }
}
