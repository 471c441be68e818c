using CsCheck;
using ServeFlow.Cascade.Decisions;
using Xunit;

namespace ServeFlow.Tests.Cascade.Decisions;

public sealed class UncertaintyTests
{
    [Theory]
    [InlineData(UncertaintyMeasure.LeastConfidence, 0.5f)]
    [InlineData(UncertaintyMeasure.Margin, 0.75f)]
    [InlineData(UncertaintyMeasure.Entropy, 0.946395f)]
    public void Of_HalfAndTwoQuarters_MatchesTheFormula(UncertaintyMeasure measure, float expected) =>
        Assert.Equal(expected, Uncertainty.Compute(measure, [0.25f, 0.5f, 0.25f]), 1e-6f);

    [Theory]
    [InlineData(UncertaintyMeasure.LeastConfidence)]
    [InlineData(UncertaintyMeasure.Margin)]
    [InlineData(UncertaintyMeasure.Entropy)]
    public void Of_OneCertainClass_IsZero(UncertaintyMeasure measure)
    {
        Assert.Equal(0, Uncertainty.Compute(measure, [0, 1, 0]));
        Assert.Equal(0, Uncertainty.Compute(measure, [1]));
    }

    [Fact]
    public void Of_AnyVector_LiesBetweenZeroAndOneAndIgnoresOrder() =>
        ProbabilityGen.Vector.Sample(p =>
        {
            foreach (var measure in Enum.GetValues<UncertaintyMeasure>().Except([UncertaintyMeasure.ExpectedGain]))
            {
                var value = Uncertainty.Compute(measure, p);
                Assert.InRange(value, 0, 1);
                Assert.Equal(value, Uncertainty.Compute(measure, [.. p.Reverse()]), 1e-5f);
            }
        });

    [Theory]
    [InlineData(UncertaintyMeasure.LeastConfidence)]
    [InlineData(UncertaintyMeasure.Margin)]
    [InlineData(UncertaintyMeasure.Entropy)]
    public void Compute_CertaintyThatRoundingPushedAboveOne_IsZero(UncertaintyMeasure measure) =>
        Assert.Equal(0, Uncertainty.Compute(measure, [MathF.BitIncrement(1), 0]));

    [Theory]
    [InlineData(-1f, 0f)]
    [InlineData(0f, 0.5f)]
    [InlineData(1f, 1f)]
    public void OfGain_FromBreakingToMending_RisesFromZeroToOne(float gain, float uncertainty) =>
        Assert.Equal(uncertainty, Uncertainty.FromGain(gain));

    [Fact]
    public void Of_UniformVector_IsTheHighestEntropyAndMargin()
    {
        float[] uniform = [0.25f, 0.25f, 0.25f, 0.25f];

        Assert.Equal(1, Uncertainty.Compute(UncertaintyMeasure.Entropy, uniform), 1e-6f);
        Assert.Equal(1, Uncertainty.Compute(UncertaintyMeasure.Margin, uniform));
        Assert.Equal(0.75f, Uncertainty.Compute(UncertaintyMeasure.LeastConfidence, uniform));
    }

    [Fact]
    public void MeasureName_EveryMeasure_ParsesBack()
    {
        foreach (var measure in Enum.GetValues<UncertaintyMeasure>())
        {
            Assert.Equal(measure, MeasureName.Parse(MeasureName.Format(measure)));
        }

        Assert.Null(MeasureName.Parse("variance"));
    }
}
