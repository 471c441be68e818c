using CsCheck;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Metrics;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

public sealed class AssignmentCurveTests
{
    static readonly ConfusionMatrix Nothing = new(CalibrationGen.Classes);

    static IEnumerable<AssignmentCurve> Curves(AssignmentSample[] samples) =>
    [
        UniversalAssignment.Trace(Nothing, samples),
        SlopeAssignment.Trace(Nothing, samples, s => s.Gain),
        SlopeAssignment.Trace(Nothing, samples, s => s.FastIsWrong ? 1 : 0),
    ];

    [Fact]
    public void Thresholds_EveryPoint_EscalateExactlyThatManyFlows() =>
        CalibrationGen.Samples.Sample(samples =>
        {
            foreach (var curve in Curves(samples))
            {
                for (var point = 0; point < curve.Points.Count; point++)
                {
                    var thresholds = curve.Thresholds(point);
                    var escalated = samples.Where(s => s.Uncertainty > thresholds[s.Fast]).ToArray();

                    Assert.Equal(curve.Points[point].Escalated, escalated.Length);
                    Assert.Equal(curve.Points[point].Gain, escalated.Sum(s => s.Gain));
                }
            }
        });

    [Fact]
    public void Within_AnyShareUnderHeavyTies_IsNeverOvershot() =>
        Gen.Select(CalibrationGen.Samples, Gen.Double[0, 1.1]).Sample((samples, share) =>
        {
            foreach (var curve in Curves(samples))
            {
                var thresholds = curve.Thresholds(curve.LastWithinShare(share));

                Assert.True(samples.Count(s => s.Uncertainty > thresholds[s.Fast]) <= share * samples.Length);
            }
        });

    [Fact]
    public void LastWithinShare_ShareOfAPoint_IsThatPoint() => CalibrationGen.Samples.Sample(samples =>
    {
        foreach (var curve in Curves(samples))
        {
            Assert.All(curve.Points.Index(), p => Assert.Equal(p.Index, curve.LastWithinShare(p.Item.Share)));
        }
    });

    /// <summary>One flow at 0.8, nine at 0.2: a threshold that is off by a little should meet the one.</summary>
    [Fact]
    public void Universal_ThresholdBetweenTwoGroups_IsNearerToTheSmaller()
    {
        AssignmentSample[] samples = [new(0, 1, 0, 0.8f), .. Enumerable.Repeat(new AssignmentSample(0, 0, 0, 0.2f), 9)];

        Assert.Equal(0.74, UniversalAssignment.Trace(Nothing, samples).Points[1].Threshold, 6);
    }

    [Fact]
    public void PointsOf_OtherFlowAtAThreshold_IsNotEscalatedByIt()
    {
        var curve = UniversalAssignment.Trace(Nothing, [new(0, 1, 0, 0.75f), new(0, 0, 0, 0.25f)]);
        Assert.Equal(0.5, curve.Points[1].Threshold);

        Assert.Equal([1, 2], curve.PointsOf([new(0, 0, 0, MathF.BitIncrement(0.5f)), new(0, 0, 0, 0.5f)]));
    }

    [Fact]
    public void Points_EveryCurve_ScoreTheMixtureThatTheyStandFor() =>
        CalibrationGen.Samples.Sample(samples =>
        {
            foreach (var curve in Curves(samples))
            {
                var last = curve.Points.Count - 1;
                var thresholds = curve.Thresholds(last);
                var mixture = new ConfusionMatrix(CalibrationGen.Classes);
                foreach (var s in samples)
                {
                    mixture.Add(s.Label, s.Uncertainty > thresholds[s.Fast] ? s.Slow : s.Fast);
                }

                Assert.Equal(mixture.WeightedF1, curve.Points[last].WeightedF1, 12);
            }
        });

    [Fact]
    public void Universal_LastPoint_EscalatesEverythingEvenSureFlows() =>
        CalibrationGen.Samples.Sample(samples =>
        {
            var curve = UniversalAssignment.Trace(Nothing, samples);

            Assert.Equal(1, curve.Points[^1].Share);
            Assert.Equal(1, curve.Points[^1].Caught);
            Assert.All(curve.Thresholds(curve.Points.Count - 1), t => Assert.True(t < 0));
        });

    [Fact]
    public void Slope_WholeCurve_GainsNoLessThanAnyUniversalThreshold() =>
        CalibrationGen.Samples.Sample(samples =>
        {
            var best = UniversalAssignment.Trace(Nothing, samples).Points.Max(p => p.Gain);

            Assert.True(SlopeAssignment.Trace(Nothing, samples, s => s.Gain).Points[^1].Gain >= best);
        });

    [Fact]
    public void Slope_EachStep_GainsAndGainsLessPerFlowThanTheOneBefore() =>
        CalibrationGen.Samples.Sample(samples =>
        {
            var points = SlopeAssignment.Trace(Nothing, samples, s => s.Gain).Points;
            var slopes = points.Zip(points.Skip(1),
                (a, b) => (double)(b.Gain - a.Gain) / (b.Escalated - a.Escalated)).ToArray();

            Assert.All(slopes, slope => Assert.True(slope > 0));
            Assert.Equal(slopes.OrderDescending(), slopes);
        });

    [Fact]
    public void Slope_OneClassThatEscalationBreaks_IsLeftAlone()
    {
        AssignmentSample[] samples =
        [
            new(Label: 0, Fast: 0, Slow: 1, Uncertainty: 0.9f),
            new(Label: 1, Fast: 2, Slow: 1, Uncertainty: 0.2f),
        ];

        var curve = SlopeAssignment.Trace(Nothing, samples, s => s.Gain);

        Assert.Equal(2, curve.Points.Count);
        Assert.Equal([AssignmentCurve.Never, AssignmentCurve.Never, AssignmentCurve.Always, AssignmentCurve.Never],
            curve.Thresholds(1));
    }

    [Fact]
    public void Area_OracleOrder_IsOne() => CalibrationGen.Samples.Sample(samples =>
    {
        var answered = new ConfusionMatrix(CalibrationGen.Classes);
        var byGain = samples.Select(s => s with { Uncertainty = (1 + s.Gain) / 2f }).ToArray();

        Assert.Equal(1, AssignmentArea.Compute(UniversalAssignment.Trace(answered, byGain), answered, byGain), 9);
    });

    [Fact]
    public void Area_NoOrderAtAll_IsZero()
    {
        AssignmentSample[] samples =
        [
            .. Enumerable.Range(0, 40).Select(i => new AssignmentSample(i % 2, 0, i % 2, Uncertainty: 0.5f)),
        ];
        var answered = new ConfusionMatrix(2);

        Assert.Equal(0, AssignmentArea.Compute(UniversalAssignment.Trace(answered, samples), answered, samples), 9);
    }
}
