using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Sinks;
using ServeFlow.Tests.Serving;
using Xunit;

namespace ServeFlow.Tests.Sinks;

/// <summary>Which records an output has, by label, by confidence and by kind.</summary>
public sealed class RecordChoiceTests
{
    static readonly CascadePlan Plan = TinyCascade.PlanWithNovelty([], 1);

    [Theory]
    [InlineData(0.4f, false)]
    [InlineData(0.5f, true)]
    [InlineData(0.6f, true)]
    public void IsSureEnough_ConfidenceBelowAtAndAboveTheLimit_HasThatAtTheLimit(float confidence, bool expected) =>
        Assert.Equal(expected, Compile([], 0.5).IsSureEnough(Record(0, confidence)));

    [Theory]
    [InlineData("even", true, false, false)]
    [InlineData("unknown", false, false, true)]
    [InlineData("even;unknown", true, false, true)]
    public void HasLabel_NamesOfClassesAndUnknown_HasThose(string labels, bool even, bool odd, bool unknown)
    {
        var choice = Compile(labels.Split(';'));

        Assert.Equal((even, odd, unknown), (choice.HasLabel(Record(TinyCascade.Even)),
            choice.HasLabel(Record(TinyCascade.Odd)), choice.HasLabel(Record(TinyCascade.Even, isUnknown: true))));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void HasEvent_EitherKind_HasTheKindsThatWereAskedFor(bool hasPredictions, bool hasEnds)
    {
        var choice = RecordChoice.Compile([], 0, hasPredictions, hasEnds, Plan);

        Assert.Equal((hasPredictions, hasEnds), (choice.HasEvent(new() { Kind = RecordKind.Prediction }),
            choice.HasEvent(new() { Kind = RecordKind.End })));
    }

    [Fact]
    public void Compile_LabelThatThePlanDoesNotHave_NamesThoseThatItHas()
    {
        var message = Assert.Throws<InputException>(() => Compile(["even", "none"])).Message;

        Assert.Equal("the bundle has no label 'none'; it has even, odd, \"quoted\", unknown", message);
    }

    /// <summary>A filter finds unknown flows by that name, whatever their best guess is.</summary>
    [Fact]
    public void Matches_LabelUnknown_HasUnknownFlowsAlone()
    {
        var filter = AnswerFilter.Parse("label=unknown", Plan);

        Assert.True(filter.Matches(Record(TinyCascade.Even, isUnknown: true).Classification));
        Assert.False(filter.Matches(Record(TinyCascade.Even).Classification));
        Assert.False(AnswerFilter.Parse("label=even", Plan)
            .Matches(Record(TinyCascade.Even, isUnknown: true).Classification));
    }

    static RecordChoice Compile(string[] labels, double minConfidence = 0) =>
        RecordChoice.Compile(labels, minConfidence, hasPredictions: true, hasEnds: true, Plan);

    static FlowRecord Record(int label, float confidence = 0.9f, bool isUnknown = false)
    {
        var answer = new Classification { IsUnknown = isUnknown };
        answer.TopLabels[0] = label;
        answer.TopConfidences[0] = confidence;
        return new() { Kind = RecordKind.Prediction, Classification = answer };
    }
}
