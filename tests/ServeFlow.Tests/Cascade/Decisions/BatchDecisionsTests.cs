using CsCheck;
using ServeFlow.Cascade.Decisions;
using Xunit;

namespace ServeFlow.Tests.Cascade.Decisions;

public sealed class BatchDecisionsTests
{
    /// <summary>Values as trees give them: a few of them again and again, nothing, and next to nothing.</summary>
    static readonly Gen<float> values = Gen.Frequency((6, Gen.Float[0, 1]),
        (4, Gen.Int[0, 6].Select(which => new[] { 0.25f, 0.5f, 1, 0, 1e-30f, 1e-40f, float.Epsilon }[which])));

    static readonly Gen<IsotonicMap?> curves = Gen.Select(Gen.Double[0.001, 0.03].Array[1, 30], Gen.Bool,
        Gen.Double[0, 0.9], (steps, isUsed, first) =>
        {
            var (confidences, accuracies) = (Sums(first, steps), Sums(0.05, steps));
            return isUsed && IsotonicMap.AreUsable(confidences, accuracies)
                ? new IsotonicMap(confidences, accuracies)
                : null;
        });

    static readonly Gen<double> temperatures = Gen.Frequency((1, Gen.Const(1.0)), (2, Gen.Double[0.2, 5]));

    static double[] Sums(double first, double[] steps) => [.. steps.Select((_, i) => first + steps.Take(i).Sum())];

    [Theory]
    [InlineData(UncertaintyMeasure.Margin)]
    [InlineData(UncertaintyMeasure.LeastConfidence)]
    [InlineData(UncertaintyMeasure.Entropy)]
    public void Decide_AnyBatch_EqualsDecidingEachFlow(UncertaintyMeasure measure) =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 35], temperatures, curves).SelectMany(shape => Gen.Select(
            Gen.Const(shape), values.Array[shape.Item1 * shape.Item2], Gen.Double[0, 1].Array[shape.Item1]))
            .Sample((shape, raw, thresholds) =>
            {
                var (classes, flows, temperature, curve) = shape;
                var rule = new TierRule(temperature, measure, thresholds) { Isotonic = curve };
                Normalise(raw, classes);
                var expected = DecideEach(rule, raw, classes);

                var found = new TierDecision[flows];
                new BatchDecisions(rule, classes).Decide(raw, flows, found);

                for (var flow = 0; flow < flows; flow++)
                {
                    AssertEqual(expected[flow], found[flow]);
                }
            }, iter: 3000);

    [Fact]
    public void Decide_Twice_TheSecondBatchDoesNotSeeTheFirst()
    {
        var rule = TierRule.ForLastTier(1.5, UncertaintyMeasure.Margin, classes: 5);
        var batch = new BatchDecisions(rule, 5);
        var (first, again) = (new TierDecision[8], new TierDecision[8]);
        var rows = Enumerable.Range(0, 40).Select(i => i % 7 / 30f).ToArray();
        new BatchDecisions(rule, 5).Decide([.. rows], 8, first);

        batch.Decide([.. rows.Reverse()], 8, again);
        batch.Decide([.. rows], 8, again);

        Assert.All(Enumerable.Range(0, 8), flow => AssertEqual(first[flow], again[flow]));
    }

    static TierDecision[] DecideEach(TierRule rule, float[] raw, int classes) =>
        [.. raw.Chunk(classes).Select(row => rule.Decide(row))];

    /// <summary>Each row sums to 1, unless nothing is in it.</summary>
    static void Normalise(float[] rows, int classes)
    {
        for (var at = 0; at < rows.Length; at += classes)
        {
            var row = rows.AsSpan(at, classes);
            var sum = 0f;
            foreach (var value in row)
            {
                sum += value;
            }

            foreach (ref var value in row)
            {
                value = sum > 0.1f ? value / sum : value;
            }
        }
    }

    static void AssertEqual(in TierDecision expected, in TierDecision found)
    {
        Assert.Equal([.. expected.TopLabels], ((ReadOnlySpan<int>)found.TopLabels).ToArray());
        for (var rank = 0; rank < Classification.TopCount; rank++)
        {
            Assert.Equal(BitConverter.SingleToInt32Bits(expected.TopConfidences[rank]),
                BitConverter.SingleToInt32Bits(found.TopConfidences[rank]));
        }

        Assert.Equal((expected.Uncertainty, expected.Threshold, expected.Escalate),
            (found.Uncertainty, found.Threshold, found.Escalate));
    }
}
