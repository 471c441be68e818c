using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class WorkerWindowTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The wait limit of these cascades.</summary>
    const double LimitMs = 1000;

    [Fact]
    public void Run_FlowOfSeveralWindows_EachIsAnsweredFromItsFirstPacket()
    {
        var (log, account) = RecordLog.Run(Windows(Second, 1), new MemorySource().Udp(0, 1000, SureOdd)
            .Udp(999, 1000, SureEven).Udp(1000, 1000, SureEven).Udp(3500, 1000, SureOdd));

        Assert.Equal([Odd, Even, Odd], log.Predictions.Select(record => record.Classification.LabelId));
        Assert.Equal([0, 1000, 3500], log.Predictions.Select(Milliseconds));
        Assert.Equal([1, 3, 4], log.Predictions.Select(record => record.PacketNumber));
        Assert.All(log.Predictions, record => Assert.Equal(1, record.Classification.Revision));
        Assert.Equal((1, 3, 3), (account.Created, account.Units, account.Decisions.Total));
        Assert.True(account.Balances);
    }

    /// <summary>A flow's record carries the answer of its last window.</summary>
    [Fact]
    public void Finish_FlowOfSeveralWindows_EndsWithTheLastAnswer()
    {
        var (log, _) = RecordLog.Run(Windows(Second, 1), new MemorySource().Udp(0, 1000, SureEven)
            .Udp(1000, 1000, SureEven).Udp(2000, 1000, SureOdd));

        var end = Assert.Single(log.Ends);
        Assert.Equal((Odd, 3u), (end.Classification.LabelId, end.Flow.PacketsForward));
    }

    [Fact]
    public void Run_WindowEndsUndecided_IsAnsweredAtItsEndByTheTiersToCome()
    {
        var (log, account) = RecordLog.Run(Windows(TimeSpan.FromMilliseconds(500), 1, 3), new MemorySource()
            .Udp(0, 1000, UnsureOdd).Udp(100, 1000, UnsureOdd).Udp(700, 1000, SureOdd).Udp(2000, 2000, SureOdd));

        Assert.Equal([DecisionReason.WaitTimeout, DecisionReason.Confident, DecisionReason.Confident],
            log.Predictions.Select(record => record.Classification.Reason));
        Assert.Equal([499.999999, 700, 2000], log.Predictions.Select(Milliseconds));
        Assert.Equal(2, log.Predictions[0].Classification.PacketsUsed);
        Assert.Equal(2u, log.Predictions[0].Flow.PacketsForward);
        Assert.True(account.Balances);
    }

    /// <summary>
    /// A window that begins late in its time waits less than one that begins early, though it came later.
    /// </summary>
    [Fact]
    public void Run_DeadlinesInAnotherOrderThanFlows_EachIsAnsweredAtItsOwn()
    {
        var (log, _) = RecordLog.Run(Windows(Second, 1, 3), new MemorySource().Udp(0, 1000, SureOdd)
            .Udp(600, 2000, UnsureOdd).Udp(1300, 1000, UnsureEven).Udp(1650, 2000, UnsureEven)
            .Udp(9000, 3000, SureOdd));

        Assert.Equal([(0, 1000), (1599.999999, 2000), (1999.999999, 1000), (2599.999999, 2000), (9000, 3000)],
            log.Predictions.Select(record => (Milliseconds(record), (int)record.Flow.SourcePort)));
    }

    [Fact]
    public void Run_WindowLongerThanWaitLimit_WaitsNoLongerThanTheLimit()
    {
        var (log, _) = RecordLog.Run(Windows(TimeSpan.FromSeconds(5), 1, 3), new MemorySource().Udp(0, 1000, UnsureOdd)
            .Udp(6000, 1000, UnsureOdd).Udp(20_000, 2000, SureOdd));

        Assert.Equal([LimitMs, 6000 + LimitMs, 20_000], log.Predictions.Select(Milliseconds));
    }

    [Fact]
    public void Run_WindowsWaitIsFromItsOwnFirstPacket_NotTheFlows()
    {
        var (log, _) = RecordLog.Run(Windows(Second, 2), new MemorySource().Udp(0, 1000, SureOdd).Udp(10, 1000, SureOdd)
            .Udp(2100, 1000, SureOdd).Udp(2130, 1000, SureEven));

        var second = log.Predictions[1].Classification;
        Assert.Equal(30, (second.DecidedNs - second.FirstNs) / 1e6);
        Assert.Equal((Even, 2), (second.LabelId, second.PacketsUsed));
    }

    /// <summary>
    /// Stray packets of a connection that is over are windows too, judged by their first packet alone.
    /// </summary>
    [Fact]
    public void Run_PacketAfterClose_IsAWindowOfOnePacket()
    {
        var (log, account) = RecordLog.Run(Windows(Second, 1, 3), new MemorySource().Tcp(0, 1000, TcpFlags.Syn)
            .Tcp(100, 1000, TcpFlags.Rst, forward: false).Tcp(1500, 1000, TcpFlags.Ack).Tcp(1600, 1000, TcpFlags.Ack));

        Assert.Equal([2, 1], log.Predictions.Select(record => record.Classification.PacketsUsed));
        Assert.Equal([DecisionReason.FlowEnded, DecisionReason.FlowEnded],
            log.Predictions.Select(record => record.Classification.Reason));
        Assert.Equal(2, account.Units);
        Assert.Single(log.Ends);
    }

    /// <summary>
    /// The active timeout ends a flow; what follows is a flow of its own, with windows from its first packet.
    /// </summary>
    [Fact]
    public void Run_ActiveTimeout_WindowsBeginAnew()
    {
        var options = new WorkerOptions { Flows = new() { ActiveTimeout = TimeSpan.FromMilliseconds(1500) } };
        var (log, _) = RecordLog.Run(Windows(Second, 1),
            new MemorySource().Udp(0, 1000, SureOdd).Udp(1200, 1000, SureOdd)
            .Udp(1700, 1000, SureOdd).Udp(2600, 1000, SureOdd).Udp(2800, 1000, SureOdd), options);

        Assert.Equal([0, 1200, 1700, 2800], log.Predictions.Select(Milliseconds));
        Assert.Equal(2, log.Ends.Count);
    }

    static double Milliseconds(FlowRecord record) => (record.TimestampNs - MemorySource.Start) / 1e6;
}
