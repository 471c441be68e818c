using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Features;
using ServeFlow.Sinks;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class WorkerUnknownTests
{
    static readonly HeaderRecord[] Known = MemorySource.Opening(
        new MemorySource().Udp(0, 7, UnsureOdd).Udp(1, 7, SureEven).Udp(2, 7, SureOdd));

    static readonly CascadePlan Sensor =
        PlanWithNovelty([Known, MemorySource.Opening(new MemorySource().Udp(0, 7, SureOdd))], 1, 3);

    [Fact]
    public void Run_FlowThatBeganLikeATrainingFlow_GetsAClass()
    {
        var (log, _) = RecordLog.Run(Sensor, new MemorySource().Udp(0, 1000, SureOdd));

        Assert.All(log.Records,
            record => Assert.Equal((Odd, false), (record.Classification.LabelId, record.Classification.IsUnknown)));
        Assert.InRange(log.Predictions[0].Classification.Novelty, 0, 0.5);
    }

    [Fact]
    public void Run_FlowThatBeganLikeNone_IsUnknownAtTheTierThatAnswers()
    {
        var (log, account) = RecordLog.Run(Sensor, new MemorySource().Udp(0, 1000, SureEven));

        var answer = log.Predictions.Single().Classification;
        Assert.True(answer.IsUnknown);
        Assert.Equal((Classification.UnknownId, Even, 0, DecisionReason.Confident),
            (answer.LabelId, answer.TopLabels[0], answer.Tier, answer.Reason));
        Assert.InRange(answer.Novelty, answer.NoveltyThreshold, 1);
        Assert.Equal(0.9f, answer.Confidence, 1e-6f);
        Assert.Equal([1, 0], account.DecisionsByTier.ToArray());
    }

    [Fact]
    public void Finish_UnknownFlow_IsUnknownInItsEndToo()
    {
        var (log, _) = RecordLog.Run(Sensor, new MemorySource().Udp(0, 1000, SureEven));

        var end = log.Ends.Single().Classification;
        Assert.Equal((Classification.UnknownId, 0.9f), (end.LabelId, MathF.Round(end.Confidence, 6)));
    }

    /// <summary>
    /// A tier of three packets knows a flow by all of its openings: those of a new first packet are new.
    /// </summary>
    [Theory]
    [InlineData(UnsureOdd, false)]
    [InlineData(UnsureOdd + 8, true)]
    public void Run_TierOfThreePackets_LooksAtTheWholeOpening(int first, bool isUnknown)
    {
        var (log, _) = RecordLog.Run(PlanWithNovelty([Known], 3), new MemorySource()
            .Udp(0, 9, first).Udp(1, 9, SureEven).Udp(2, 9, SureOdd));

        Assert.Equal(isUnknown, log.Predictions.Single().Classification.IsUnknown);
    }

    [Fact]
    public void Run_PlanThatDoesNotAsk_NamesAClass()
    {
        var (log, _) = RecordLog.Run(Plan(1, 3), new MemorySource().Udp(0, 1000, SureEven));

        Assert.Equal((Even, 0f),
            (log.Ends.Single().Classification.LabelId, log.Predictions.Single().Classification.NoveltyThreshold));
    }

    [Theory]
    [InlineData("label=unknown", true)]
    [InlineData("label!=unknown", false)]
    [InlineData("label=even", false)]
    public void Matches_UnknownFlow_ByItsLabel(string text, bool expected)
    {
        var (log, _) = RecordLog.Run(Sensor, new MemorySource().Udp(0, 1000, SureEven));

        Assert.Equal(expected, AnswerFilter.Parse(text, Sensor).Matches(log.Predictions.Single().Classification));
    }

    [Fact]
    public void Parse_UnknownWhereNothingIs_IsRefused() =>
        Assert.Throws<InputException>(() => AnswerFilter.Parse("label=unknown", Plan(1)));
}
