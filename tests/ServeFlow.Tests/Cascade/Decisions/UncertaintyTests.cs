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
    public void Compute_HalfAndTwoQuarters_MatchesTheFormula(UncertaintyMeasure measure, float expected) =>
        Assert.Equal(expected, Compute(measure, [0.25f, 0.5f, 0.25f]), 1e-6f);

    [Theory]
    [InlineData(UncertaintyMeasure.LeastConfidence)]
    [InlineData(UncertaintyMeasure.Margin)]
    [InlineData(UncertaintyMeasure.Entropy)]
    public void Compute_OneCertainClass_IsZero(UncertaintyMeasure measure)
    {
        Assert.Equal(0, Compute(measure, [0, 1, 0]));
        Assert.Equal(0, Compute(measure, [1]));
    }

    [Fact]
    public void Compute_AnyVector_LiesBetweenZeroAndOneAndIgnoresOrder() =>
        ProbabilityGen.Vector.Sample(p =>
        {
            foreach (var measure in Enum.GetValues<UncertaintyMeasure>().Except([UncertaintyMeasure.ExpectedGain]))
            {
                var value = Compute(measure, p);
                Assert.InRange(value, 0, 1);
                Assert.Equal(value, Compute(measure, [.. p.Reverse()]), 1e-5f);
            }
        });

    [Theory]
    [InlineData(UncertaintyMeasure.LeastConfidence)]
    [InlineData(UncertaintyMeasure.Margin)]
    [InlineData(UncertaintyMeasure.Entropy)]
    public void Compute_CertaintyThatRoundingPushedAboveOne_IsZero(UncertaintyMeasure measure) =>
        Assert.Equal(0, Compute(measure, [MathF.BitIncrement(1), 0]));

    [Theory]
    [InlineData(-1f, 0f)]
    [InlineData(0f, 0.5f)]
    [InlineData(1f, 1f)]
    public void FromGain_FromBreakingToMending_RisesFromZeroToOne(float gain, float uncertainty) =>
        Assert.Equal(uncertainty, Uncertainty.FromGain(gain));

    [Fact]
    public void Compute_UniformVector_IsTheHighestEntropyAndMargin()
    {
        float[] uniform = [0.25f, 0.25f, 0.25f, 0.25f];

        Assert.Equal(1, Compute(UncertaintyMeasure.Entropy, uniform), 1e-6f);
        Assert.Equal(1, Compute(UncertaintyMeasure.Margin, uniform));
        Assert.Equal(0.75f, Compute(UncertaintyMeasure.LeastConfidence, uniform));
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

    static float Compute(UncertaintyMeasure measure, params float[] probabilities)
    {
        float[] sorted = [.. probabilities.OrderDescending(), 0];
        return Uncertainty.Compute(measure, probabilities, sorted[0], sorted[1]);
    }
}
