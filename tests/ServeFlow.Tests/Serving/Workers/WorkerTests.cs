using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Sinks;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class WorkerTests
{
    [Fact]
    public void Run_SureOnFirstPacket_AnswersOnIt()
    {
        var (log, _) = RecordLog.Run(Plan(1, 3), new MemorySource().Udp(0, 1000, SureOdd).Udp(5, 1000, UnsureEven));

        var answer = Assert.Single(log.Predictions);
        AssertAnswer(answer, Odd, tier: 0, DecisionReason.Confident, packetsUsed: 1, milliseconds: 0);
        Assert.Equal(1, answer.PacketNumber);
        Assert.Equal(0.9f, answer.Classification.Confidence, 1e-6f);
        Assert.Equal(1u, answer.Flow.PacketsForward);
    }

    [Fact]
    public void Run_UnsureWithNextTierAtSameDepth_EscalatesOnSamePacket()
    {
        var (log, account) = RecordLog.Run(Plan(1, 1), new MemorySource().Udp(0, 1000, UnsureOdd));

        AssertAnswer(Assert.Single(log.Predictions), Odd, 1, DecisionReason.Escalated, 1, 0);
        Assert.Equal([0, 1], account.DecisionsByTier.ToArray());
    }

    [Fact]
    public void Run_Unsure_WaitsForNextTiersDepth()
    {
        var (log, _) = RecordLog.Run(Plan(1, 3), new MemorySource().Udp(0, 1000, UnsureEven)
            .Udp(5, 1000, SureEven, forward: false).Udp(9, 1000, SureOdd).Udp(12, 1000, SureEven));

        var answer = Assert.Single(log.Predictions);
        AssertAnswer(answer, Odd, 1, DecisionReason.Escalated, 3, 9);
        Assert.Equal(3, answer.PacketNumber);
        Assert.Equal((2u, 1u), (answer.Flow.PacketsForward, answer.Flow.PacketsBackward));
    }

    [Fact]
    public void Run_MiddleTierSure_LastIsNotAsked()
    {
        var (log, account) = RecordLog.Run(Plan(1, 2, 3), new MemorySource().Udp(0, 1000, UnsureEven)
            .Udp(1, 1000, SureOdd).Udp(2, 1000, UnsureEven));

        AssertAnswer(Assert.Single(log.Predictions), Odd, 1, DecisionReason.Confident, 2, 1);
        Assert.Equal([0, 1, 0], account.DecisionsByTier.ToArray());
    }

    [Fact]
    public void Finish_FlowShorterThanTiersDepth_IsAnsweredFromWhatIsThere()
    {
        var (log, _) = RecordLog.Run(Plan(1, 3), new MemorySource().Udp(0, 1000, UnsureOdd).Udp(4, 1000, SureOdd));

        AssertAnswer(Assert.Single(log.Predictions), Even, 1, DecisionReason.FlowEnded, 2, 4);
        Assert.Equal(EndReason.ForcedEnd, Assert.Single(log.Ends).EndReason);
    }

    [Fact]
    public void Finish_FlowShorterThanFirstTiersDepth_IsAnsweredAllTheSame()
    {
        var (log, _) = RecordLog.Run(Plan(3), new MemorySource().Udp(0, 1000, SureOdd));

        AssertAnswer(Assert.Single(log.Predictions), Even, 0, DecisionReason.FlowEnded, 1, 0);
    }

    [Fact]
    public void Run_WaitLimitPasses_AnswersAtTheLimit()
    {
        var (log, _) = RecordLog.Run(Plan(1, 3), new MemorySource().Udp(0, 1000, UnsureOdd).Udp(200, 1000, UnsureOdd)
            .Udp(5000, 2000, SureEven).Udp(5001, 1000, SureOdd));

        AssertAnswer(log.Predictions[0], Even, 1, DecisionReason.WaitTimeout, 2, 1000);
        AssertAnswer(log.Predictions[1], Even, 0, DecisionReason.Confident, 1, 5000);
        Assert.Equal(2, log.Predictions.Count);
        Assert.Equal(0, log.Predictions[0].PacketNumber);
    }

    [Fact]
    public void Run_TickAfterTheWaitLimit_AnswersAndEndsWithoutAPacket()
    {
        var source = new MemorySource().Udp(0, 1000, UnsureOdd).Tick(999).Tick(100_000);
        var log = new RecordLog();
        var worker = new ServeFlow.Serving.Workers.Worker(Plan(1, 3), new(), log);

        worker.Run(source, TestContext.Current.CancellationToken);

        AssertAnswer(Assert.Single(log.Predictions), Even, 1, DecisionReason.WaitTimeout, 1, 1000);
        Assert.Equal(EndReason.IdleTimeout, Assert.Single(log.Ends).EndReason);
        Assert.Equal(1, worker.Account.Received);
    }

    [Fact]
    public void Run_IdleTimeoutBeforeWaitLimit_AnswersAtTheEnd()
    {
        var options = new ServeFlow.Serving.Workers.WorkerOptions
        {
            Flows =
            new() { UdpIdleTimeout = TimeSpan.FromMilliseconds(300) }
        };
        var source = new MemorySource().Udp(0, 1000, UnsureOdd).Udp(2000, 2000, SureEven);
        var (log, _) = RecordLog.Run(Plan(1, 3), source, options);

        AssertAnswer(log.Predictions[0], Even, 1, DecisionReason.FlowEnded, 1, 300);
        Assert.Equal(RecordKind.End, log.Records[1].Kind);
        Assert.Equal(EndReason.IdleTimeout, log.Records[1].EndReason);
    }

    /// <summary>To the nanosecond, wherever in a tick of the timers it is; the timer is set for the first packet.
    /// </summary>
    [Theory]
    [InlineData(-100, DecisionReason.FlowEnded)]
    [InlineData(-500_000, DecisionReason.FlowEnded)]
    [InlineData(0, DecisionReason.WaitTimeout)]
    [InlineData(100, DecisionReason.WaitTimeout)]
    [InlineData(500_000, DecisionReason.WaitTimeout)]
    public void Run_EndNearTheWaitLimit_TheEarlierSaysWhyAndTheLimitWhereTheyAreOne(long endAfterNs,
        DecisionReason expected)
    {
        var options = new ServeFlow.Serving.Workers.WorkerOptions
        {
            Flows = new() { UdpIdleTimeout = TimeSpan.FromMilliseconds(600) + TimeSpan.FromTicks(endAfterNs / 100) },
        };
        for (var first = 0.0; first < 1.1; first += 0.125)
        {
            foreach (var next in (double[])[1000, 1000.625, 3000])
            {
                var source = new MemorySource(1).Udp(first, 1000, UnsureOdd).Udp(first + 400, 1000, UnsureOdd)
                    .Udp(first + next, 2000, SureEven).Udp(9000, 2000, SureEven);
                var (log, _) = RecordLog.Run(Plan(1, 3), source, options);
                var answer = log.Predictions.Single(record => record.Flow.SourcePort == 1000);

                Assert.Equal((expected, (1000 * MemorySource.Millisecond) + Math.Min(0, endAfterNs)),
                    (answer.Classification.Reason, answer.TimestampNs - answer.Classification.FirstNs));
            }
        }
    }

    [Fact]
    public void Run_MoreFlowsThanABatchHolds_AllAreAnsweredInOrder()
    {
        var source = new MemorySource();
        for (var i = 0; i < 1000; i++)
        {
            source.Udp(i * 0.001, 1000 + i, i % 2 == 0 ? SureEven : UnsureOdd);
        }

        var (log, account) = RecordLog.Run(Plan(1, 1), source);

        Assert.Equal(Enumerable.Range(1000, 1000), log.Predictions.Select(record => (int)record.Flow.SourcePort));
        Assert.Equal([500, 500], account.DecisionsByTier.ToArray());
    }

    [Fact]
    public void Run_TooManyUndecided_AnswersTheOldestForOverload()
    {
        var source = new MemorySource().Udp(0, 1000, UnsureOdd).Udp(1, 2000, UnsureOdd).Udp(2, 3000, UnsureOdd);
        var (log, account) = RecordLog.Run(Plan(1, 3), source, new() { MaxUndecided = 2 });

        AssertAnswer(log.Predictions[0], Even, 1, DecisionReason.Overload, 1, 2);
        Assert.Equal(1000, log.Predictions[0].Flow.SourcePort);
        Assert.Equal(1, account.Decisions[DecisionReason.Overload]);
        Assert.Equal(3, account.Decisions.Total);
    }

    [Fact]
    public void Run_DecidedFlowEnds_ItsRecordKeepsTheAnswer()
    {
        var (log, _) = RecordLog.Run(Plan(1, 3), new MemorySource().Udp(0, 1000, SureOdd).Udp(5, 1000, UnsureEven));

        var end = Assert.Single(log.Ends);
        AssertAnswer(end, Odd, 0, DecisionReason.Confident, 1, 5);
        Assert.Equal(log.Predictions[0].Classification.Confidence, end.Classification.Confidence);
        Assert.Equal(2u, end.Flow.PacketsForward);
    }

    [Fact]
    public void Run_TupleReusedWithinOneBurst_TwoFlowsTwoAnswers()
    {
        const byte syn = 2, reset = 20;
        var (log, account) = RecordLog.Run(Plan(1, 3), new MemorySource().Tcp(0, 1000, syn)
            .Tcp(1, 1000, reset, forward: false).Tcp(2, 1000, syn).Tcp(3, 1000, reset, forward: false));

        Assert.Equal(2, account.Created);
        Assert.Equal([RecordKind.Prediction, RecordKind.End, RecordKind.Prediction, RecordKind.End],
            log.Records.Select(record => record.Kind));
        Assert.Equal(EndReason.EndOfFlow, log.Records[1].EndReason);
    }

    [Fact]
    public void Run_ConnectionCloses_IsAnsweredThenAndNotAfterTheLinger()
    {
        const byte syn = 2, reset = 20;
        var (log, _) = RecordLog.Run(Plan(1, 3),
            new MemorySource().Tcp(0, 1000, syn).Tcp(1, 1000, reset, forward: false)
            .Udp(4000, 2000, SureOdd));

        AssertAnswer(log.Predictions.First(), Even, 1, DecisionReason.FlowEnded, packetsUsed: 2, milliseconds: 1);
    }

    static void AssertAnswer(in FlowRecord record, int label, int tier, DecisionReason reason, int packetsUsed,
        double milliseconds)
    {
        var answer = record.Classification;
        Assert.Equal((label, tier, reason, packetsUsed),
            (answer.LabelId, answer.Tier, answer.Reason, answer.PacketsUsed));
        Assert.Equal(milliseconds, (record.TimestampNs - MemorySource.Start) / (double)MemorySource.Millisecond, 6);
    }
}
