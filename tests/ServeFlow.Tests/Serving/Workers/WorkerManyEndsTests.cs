using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>One packet that brings about more records than the outbox holds.</summary>
public sealed class WorkerManyEndsTests
{
    const int Flows = 20_000;

    [Theory]
    [InlineData(1)]
    [InlineData(PacketBurst.Capacity)]
    public void Run_AllWaitLimitsPassAtOnce_EveryFlowIsAnsweredAtItsOwn(int burst)
    {
        var source = Undecided(burst).Udp(3_000, 65_000, SureOdd);
        var (log, account) = RecordLog.Run(Plan(1, 3), source);

        AssertWhole(log, account);
        Assert.Equal(Flows, account.Decisions[DecisionReason.WaitTimeout]);
        Assert.Equal(log.Records.Select(r => r.TimestampNs).Order(), log.Records.Select(r => r.TimestampNs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(PacketBurst.Capacity)]
    public void Run_AllIdleTimeoutsPassAtOnce_EveryFlowIsAnsweredBeforeItsEnd(int burst)
    {
        var options = new WorkerOptions { Flows = new() { UdpIdleTimeout = TimeSpan.FromMilliseconds(900) } };
        var source = Undecided(burst).Udp(3_000_000, 65_000, SureOdd);
        var (log, account) = RecordLog.Run(Plan(1, 3), source, options);

        AssertWhole(log, account);
        Assert.Equal(Flows, account.Decisions[DecisionReason.FlowEnded]);
        Assert.Equal(Flows, account.Ended[EndReason.IdleTimeout]);
    }

    [Fact]
    public void Finish_EveryFlowUndecided_EveryFlowIsAnsweredBeforeItsEnd()
    {
        var (log, account) = RecordLog.Run(Plan(1, 3), Undecided(PacketBurst.Capacity).Udp(500, 65_000, SureOdd));

        AssertWhole(log, account);
        Assert.Equal(Flows, account.Decisions[DecisionReason.FlowEnded]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_ConnectionsCloseWithThePacketThatReachesADepth_EachIsAnsweredOnce(int depth)
    {
        const byte syn = 2, finAck = 17, reset = 4;
        var source = new MemorySource();
        for (var i = 0; i < 2_000; i++)
        {
            source.Tcp(3 * i, 1000 + i, syn);
            source.Tcp((3 * i) + 1, 1000 + i, depth == 2 ? reset : finAck, forward: false);
            source.Tcp((3 * i) + 2, 1000 + i, finAck);
        }

        var (log, account) = RecordLog.Run(Plan(1, depth, 5), source);

        Assert.True(account.Balances);
        Assert.Equal((2_000, 2_000), (log.Predictions.Count, log.Ends.Count));
        Assert.All(log.Predictions, r => Assert.Equal(depth - 1L, (r.TimestampNs - r.Flow.FirstNs) / 1_000_000));
        Assert.All(log.Predictions, r => Assert.Equal(depth, r.Classification.PacketsUsed));
    }

    /// <summary>Flows of one packet each, of which the first tier is unsure, within 100 ms.</summary>
    static MemorySource Undecided(int burst)
    {
        var source = new MemorySource(burst);
        for (var i = 0; i < Flows; i++)
        {
            source.Udp(i * 0.005, 1000 + i, i % 2 == 0 ? UnsureEven : UnsureOdd);
        }

        return source;
    }

    static void AssertWhole(RecordLog log, Account account)
    {
        Assert.True(account.Balances);
        Assert.Equal(Flows + 1, account.Created);
        Assert.Equal(Flows + 1, log.Predictions.Count);
        Assert.Equal(Flows + 1, log.Ends.Count);
        var seen = new Dictionary<FlowKey, FlowRecord>();
        foreach (var record in log.Records)
        {
            if (record.Kind == RecordKind.Prediction)
            {
                Assert.True(seen.TryAdd(record.Flow.Key, record));
                continue;
            }

            var answer = seen[record.Flow.Key].Classification;
            Assert.Equal((answer.LabelId, answer.Tier, answer.Reason),
                (record.Classification.LabelId, record.Classification.Tier, record.Classification.Reason));
        }
    }
}
