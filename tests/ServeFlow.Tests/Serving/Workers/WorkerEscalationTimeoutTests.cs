using ServeFlow.Cascade.Decisions;
using ServeFlow.Sinks;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>Flows that are waited for less long than the wait limit of a second.</summary>
public sealed class WorkerEscalationTimeoutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    public void Run_TimeoutOfTheUnsureAnswerPasses_AnswersThen(int burst)
    {
        var source = new MemorySource(burst).Udp(0, 1000, UnsureOdd).Udp(1, 2000, UnsureEven)
            .Udp(60, 1000, UnsureOdd).Udp(100, 2000, UnsureOdd).Udp(150, 2000, SureOdd).Udp(3000, 3000, SureEven);
        var (log, account) = RecordLog.Run(PlanWithTimeouts([200, 50], 1, 3), source);

        AssertAnswer(log.Predictions[0], 1000, Even, 1, DecisionReason.WaitTimeout, 1, 50);
        AssertAnswer(log.Predictions[1], 2000, Odd, 1, DecisionReason.Escalated, 3, 150);
        Assert.True(account.Balances);
    }

    [Fact]
    public void Run_TierAfterTier_EachHasItsOwnTimeoutFromItsOwnPacket()
    {
        var source = new MemorySource().Udp(0, 1000, UnsureEven).Udp(90, 1000, UnsureEven).Udp(185, 1000, UnsureEven)
            .Udp(300, 2000, SureEven);
        var (log, _) = RecordLog.Run(PlanWithTimeouts([100, 100], 1, 2, 4), source);

        AssertAnswer(log.Predictions[0], 1000, Even, 2, DecisionReason.WaitTimeout, 3, 190);
    }

    [Fact]
    public void Run_WaitLimitBeforeTimeout_AnswersAtTheLimit()
    {
        var (log, _) = RecordLog.Run(PlanWithTimeouts([900, 900], 1, 2, 4), new MemorySource().Udp(0, 1000, UnsureEven)
            .Udp(800, 1000, UnsureEven).Udp(5000, 2000, SureEven));

        AssertAnswer(log.Predictions[0], 1000, Even, 2, DecisionReason.WaitTimeout, 2, 1000);
    }

    [Fact]
    public void Run_PacketAtTheVeryEndOfTheTimeout_Counts()
    {
        var (log, _) = RecordLog.Run(PlanWithTimeouts([50, 50], 1, 2), new MemorySource().Udp(0, 1000, UnsureEven)
            .Udp(50, 1000, SureOdd));

        AssertAnswer(Assert.Single(log.Predictions), 1000, Odd, 1, DecisionReason.Escalated, 2, 50);
    }

    /// <summary>The first tier would wait long, but the second, which scores the same packet, does not.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    public void Run_SecondTierWithAShorterTimeoutThanTheFirst_AnswersByIt(int burst)
    {
        var source = new MemorySource(burst).Udp(0, 1000, UnsureEven).Udp(60, 1000, SureOdd).Udp(300, 2000, SureEven);
        var (log, _) = RecordLog.Run(PlanWithTierTimeouts([900, 50], 1, 1, 2), source);

        AssertAnswer(log.Predictions[0], 1000, Even, 2, DecisionReason.WaitTimeout, 1, 50);
    }

    static void AssertAnswer(in FlowRecord record, int port, int label, int tier, DecisionReason reason,
        int packetsUsed,
        double milliseconds)
    {
        var answer = record.Classification;
        Assert.Equal((port, label, tier, reason, packetsUsed),
            (record.Flow.SourcePort, answer.LabelId, answer.Tier, answer.Reason, answer.PacketsUsed));
        Assert.Equal(milliseconds, (record.TimestampNs - MemorySource.Start) / (double)MemorySource.Millisecond, 6);
    }
}
