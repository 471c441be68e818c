using CsCheck;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Metrics;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

public sealed class AssignmentAreaTests
{
    static readonly ConfusionMatrix Nothing = new(CalibrationGen.Classes);

    [Fact]
    public void PointsOf_TheFlowsThatWereTraced_AreThosePoints() => CalibrationGen.Samples.Sample(samples =>
    {
        foreach (var curve in new[]
        {
            UniversalAssignment.Trace(Nothing, samples),
            SlopeAssignment.Trace(Nothing, samples, s => s.Gain, isWhole: true),
        })
        {
            var points = curve.PointsOf(samples);

            Assert.All(curve.Points.Index(), p =>
                Assert.Equal(p.Item.Escalated, points.Count(point => point <= p.Index)));
        }
    });

    [Fact]
    public void CrossFitted_UncertaintyThatSaysNothing_IsAboutZeroHoweverManyClasses()
    {
        var random = new Random(3);
        var areas = Enumerable.Range(0, 20).Select(_ =>
        {
            var samples = Draw(random, 600, sure => 0.5).ToArray();
            return (Seen: AssignmentArea.Compute(Trace(samples), Nothing, samples),
                Unseen: CrossFitted(samples, Trace));
        }).ToArray();

        Assert.True(areas.Average(a => a.Seen) > 0.03);
        Assert.InRange(areas.Average(a => a.Unseen), -0.05, 0.05);
    }

    [Fact]
    public void CrossFitted_UncertaintyThatKnows_IsMostOfTheOracle()
    {
        var samples = Draw(new(4), 2000, sure => sure ? 0 : 1).ToArray();

        Assert.InRange(CrossFitted(samples, some => UniversalAssignment.Trace(Nothing, some)), 0.95, 1);
        Assert.InRange(CrossFitted(samples, Trace), 0.95, 1);
    }

    /// <summary>
    /// Class 0 gains by escalation at high uncertainty, class 1 not at all: one threshold cannot say so.
    /// </summary>
    [Fact]
    public void CrossFitted_ClassesThatDiffer_AreBetterServedByTheirOwnThresholds()
    {
        var random = new Random(5);
        var samples = Enumerable.Range(0, 3000).Select(i => new AssignmentSample(
            Label: i % 2 == 0 && i % 3 == 0 ? 2 : i % 2, Fast: i % 2, Slow: i % 2 == 0 && i % 3 == 0 ? 2 : i % 2,
            Uncertainty: i % 2 == 0 ? 0.3f + (random.NextSingle() * 0.1f) : 0.6f)).ToArray();

        Assert.True(
            CrossFitted(samples, Trace) > CrossFitted(samples, some => UniversalAssignment.Trace(Nothing, some)) + 0.5);
    }

    [Fact]
    public void Slope_ClassOfFewFlows_FollowsTheOthers()
    {
        AssignmentSample[] samples =
        [
            .. Enumerable.Range(0, 2000).Select(i => new AssignmentSample(0, i % 3, 0, i % 3 == 0 ? 0.1f : 0.9f)),
            new(3, 3, 0, 0.9f),
        ];

        var own = SlopeAssignment.Trace(Nothing, samples, s => s.Gain);
        var shared = SlopeAssignment.Trace(Nothing, samples, s => s.Gain, SlopeAssignment.DefaultPrior);

        Assert.Equal(AssignmentCurve.Never, own.Thresholds(own.Points.Count - 1)[3]);
        Assert.Equal(AssignmentCurve.Always, shared.Thresholds(shared.Points.Count - 1)[3]);
    }

    static AssignmentCurve Trace(IReadOnlyList<AssignmentSample> samples) =>
        SlopeAssignment.Trace(Nothing, samples, s => s.Gain, isWhole: true);

    static double CrossFitted(AssignmentSample[] samples, Func<IReadOnlyList<AssignmentSample>,
        AssignmentCurve> trace) =>
        AssignmentArea.Compute(Shares(samples, trace), samples);

    /// <summary>Each flow's place in an order that was traced on the other parts.</summary>
    static double[] Shares(AssignmentSample[] samples, Func<IReadOnlyList<AssignmentSample>, AssignmentCurve> trace)
    {
        var shares = new double[samples.Length];
        for (var part = 0; part < 3; part++)
        {
            var curve = trace([.. samples.Where((_, i) => i % 3 != part)]);
            var points = curve.PointsOf(samples);
            for (var i = part; i < samples.Length; i += 3)
            {
                shares[i] = points[i] < curve.Points.Count ? curve.Points[points[i]].Share : 1;
            }
        }

        return shares;
    }

    /// <summary>Flows of all classes, whose error depends on whether the model is sure.</summary>
    static IEnumerable<AssignmentSample> Draw(Random random, int flows, Func<bool, double> errorRate)
    {
        for (var i = 0; i < flows; i++)
        {
            var uncertainty = random.NextSingle();
            var (label, isWrong) =
                (random.Next(CalibrationGen.Classes), random.NextDouble() < errorRate(uncertainty < 0.5));
            yield return new(label, isWrong ? (label + 1) % CalibrationGen.Classes : label, label, uncertainty);
        }
    }
}
