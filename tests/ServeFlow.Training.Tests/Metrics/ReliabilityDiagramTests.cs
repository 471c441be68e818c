using CsCheck;
using ServeFlow.Training.Metrics;
using Xunit;

namespace ServeFlow.Training.Tests.Metrics;

public sealed class ReliabilityDiagramTests
{
    static readonly Gen<(float Confidence, bool IsRight)[]> Answers =
        Gen.Select(Gen.Float[0, 1], Gen.Bool).Array[0, 200];

    [Fact]
    public void From_AnyAnswers_CountsEachOnceAndErrsByAtMostOne() => Answers.Sample(answers =>
    {
        var diagram = ReliabilityDiagram.From(answers);

        Assert.Equal(answers.Length, diagram.Flows);
        Assert.InRange(diagram.ExpectedCalibrationError, 0, 1);
        Assert.All(diagram.Bins, bin => Assert.True(bin.Flows > 0 && bin.Accuracy is >= 0 and <= 1));
        Assert.Equal(diagram.Bins.Select(b => b.Confidence).Order(), diagram.Bins.Select(b => b.Confidence));
    });

    [Fact]
    public void ExpectedError_ByHand_WeighsBinsByTheirFlows()
    {
        var diagram = ReliabilityDiagram.From([(0.9f, true), (0.9f, true), (0.9f, false), (0.5f, false)]);

        Assert.Equal(2, diagram.Bins.Count);
        Assert.Equal(((3 * (0.9 - (2.0 / 3))) + 0.5) / 4, diagram.ExpectedCalibrationError, 6);
    }

    [Fact]
    public void From_Certainty_FallsIntoTheLastBin()
    {
        var bin = Assert.Single(ReliabilityDiagram.From([(1f, true), (0.99f, true)]).Bins);

        Assert.Equal((2, 1.0), (bin.Flows, bin.Accuracy));
    }

    [Fact]
    public void ExpectedError_NoAnswers_IsZero() =>
        Assert.Equal(0, ReliabilityDiagram.From([]).ExpectedCalibrationError);
}
