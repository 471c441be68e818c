using CsCheck;
using ServeFlow.Cascade.Decisions;
using Xunit;

namespace ServeFlow.Tests.Cascade.Decisions;

public sealed class IsotonicMapTests
{
    /// <summary>Rising curves of one to six knots.</summary>
    static readonly Gen<IsotonicMap> Maps = Gen.Select(Gen.Double[0, 1].Array[1, 6], Gen.Double[0.001, 0.999].Array[6])
        .Select((x, y) =>
        {
            double[] knots = [.. x.Select(v => Math.Round(v, 3)).Distinct().Order()];
            return new IsotonicMap(knots, [.. y.Order().Take(knots.Length)]);
        });

    static readonly IsotonicMap Line = new([0.5, 0.9], [0.4, 0.8]);

    [Theory]
    [InlineData(0.1f, 0.4f)]
    [InlineData(0.5f, 0.4f)]
    [InlineData(0.7f, 0.6f)]
    [InlineData(0.9f, 0.8f)]
    [InlineData(1f, 0.8f)]
    public void Of_BetweenAndBeyondKnots_IsStraightAndThenLevel(float confidence, float expected) =>
        Assert.Equal(expected, Line.Evaluate(confidence), 1e-6f);

    [Fact]
    public void Of_AnyCurve_NeverFalls() => Gen.Select(Maps, Gen.Float[0, 1], Gen.Float[0, 1]).Sample((map, a, b) =>
        Assert.True(map.Evaluate(Math.Min(a, b)) <= map.Evaluate(Math.Max(a, b)) + 1e-6f));

    [Fact]
    public void Of_EveryKnotOfAnyCurve_IsItsHeight() => Maps.Sample(map => Assert.All(
        map.Confidences.Zip(map.Accuracies), knot => Assert.Equal((float)knot.Second, map.Evaluate((float)knot.First),
            1e-6f)));

    [Fact]
    public void Decide_AnyCurve_KeepsAnswerOrderAndSum() => Gen.Select(ProbabilityGen.Vector, Maps).Sample((p, map) =>
    {
        var rule = TierRule.ForLastTier(1, UncertaintyMeasure.Margin, p.Length) with { Isotonic = map };
        var raw = rule.Uncalibrated.Decide([.. p]);
        var room = p.ToArray();
        var decision = rule.Decide(room);

        Assert.Equal(raw.LabelId, decision.LabelId);
        Assert.Equal(1, room.Sum(), 1e-4f);
        Assert.All(room, value => Assert.InRange(value, 0, decision.Confidence + 1e-6f));
        Assert.InRange(decision.Uncertainty, 0, 1);
    });

    [Fact]
    public void Decide_LargeOtherClasses_KeepTheirProportions()
    {
        float[] room = [0.7f, 0.2f, 0.1f];
        (TierRule.ForLastTier(1, UncertaintyMeasure.Margin, 3) with { Isotonic = Line }).Decide(room);

        Assert.Equal(0.6f, room[0], 1e-6f);
        Assert.Equal(2, room[1] / room[2], 1e-5f);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-40f)]
    public void Decide_Certainty_IsSoftenedEvenly(float third)
    {
        float[] room = [0, 1, third];
        (TierRule.ForLastTier(1, UncertaintyMeasure.Margin, 3) with { Isotonic = Line }).Decide(room);

        Assert.Equal([0.1f, 0.8f, 0.1f], room.Select(v => MathF.Round(v, 5)));
    }

    [Fact]
    public void Decide_WithACurve_AllocatesNothing()
    {
        var rule = TierRule.ForLastTier(1.3, UncertaintyMeasure.Entropy, 9) with { Isotonic = Line };
        var room = new float[9];
        Decide();

        var allocated = AllocatedBytes.Min(_ =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Decide();
            }
        });

        Assert.Equal(0, allocated);

        void Decide()
        {
            room.AsSpan().Fill(0.05f);
            room[3] = 0.6f;
            rule.Decide(room);
        }
    }

    [Theory]
    [InlineData(new double[] { }, new double[] { })]
    [InlineData(new[] { 0.5 }, new[] { 0.5, 0.6 })]
    [InlineData(new[] { 0.5, 0.5 }, new[] { 0.5, 0.6 })]
    [InlineData(new[] { 0.5, 0.4 }, new[] { 0.5, 0.6 })]
    [InlineData(new[] { 0.5, 0.6 }, new[] { 0.6, 0.5 })]
    [InlineData(new[] { 0.5 }, new[] { 1.0 })]
    [InlineData(new[] { 0.5 }, new[] { 0.0 })]
    [InlineData(new[] { double.NaN }, new[] { 0.5 })]
    [InlineData(new[] { 1.5 }, new[] { 0.5 })]
    public void AreUsable_NoRisingCurve_IsFalse(double[] confidences, double[] accuracies) =>
        Assert.False(IsotonicMap.AreUsable(confidences, accuracies));
}
