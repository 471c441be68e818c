using ServeFlow.Training.Calibration;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Reports.Summaries;
using Xunit;

namespace ServeFlow.Training.Tests.Evaluation;

/// <summary>The intervals of one small evaluation.</summary>
public sealed class EvaluationIntervalTests(TrainedBundle bundle)
{
    readonly EvaluationResult result = bundle.Evaluated;

    [Fact]
    public void Run_EverySystem_HasIntervalsAboutItsFigures() => Assert.All(result.Systems, system =>
    {
        var (score, interval) = (system.Score, system.Score.Interval!);

        Assert.All([(score.WeightedF1, interval.WeightedF1), (score.MacroF1, interval.MacroF1),
            (score.Accuracy, interval.Accuracy), (score.MeanMs, interval.MeanMs),
            (score.Under1Ms, interval.Under1Ms), (score.Under16Ms, interval.Under16Ms),
            (score.PacketsMean, interval.PacketsMean)],
            figure => Assert.InRange(figure.Item1, figure.Item2.Low - 1e-9, figure.Item2.High + 1e-9));
        Assert.True(interval.MedianMs.Low <= interval.MedianMs.High);
    });

    [Fact]
    public void Run_Loss_IsTheDifferenceAndItsIntervalIsPaired()
    {
        var headline = result.Comparison;

        Assert.Equal(result.SlowOnly.WeightedF1 - result.Cascade.WeightedF1, headline.Loss, 12);
        Assert.True(headline.LossInterval.Contains(headline.Loss));
        var unpaired = result.SlowOnly.Interval!.WeightedF1.High - result.Cascade.Interval!.WeightedF1.Low;
        Assert.True(headline.LossInterval.High <= unpaired);
        Assert.Equal(result.SlowOnly.MeanMs / result.Cascade.MeanMs, headline.SpeedupMean, 9);
    }

    [Fact]
    public void Run_Twice_GivesTheSameIntervalsWhateverTheClockSays()
    {
        var again = Run(bundle.Request);

        Assert.Equal(result.Comparison.LossInterval, again.Comparison.LossInterval);
        Assert.Equal(result.Random.WeightedF1, again.Random.WeightedF1);
        Assert.Equal(result.Classes, again.Classes);
        Assert.NotEqual(result.Comparison.LossInterval,
            Run(bundle.Request with { Seed = 99 }).Comparison.LossInterval);
    }

    [Fact]
    public void Run_Classes_AreThoseOfTheMatrixWithTheirCaptures() => Assert.All(result.Classes, c =>
    {
        Assert.Equal(result.Labels[c.Number], c.Label);
        Assert.Equal((result.Confusion.Support(c.Number), result.Confusion.F1(c.Number)), (c.Flows, c.F1));
        Assert.Equal(c.Captures > 1, c.Interval is not null);
        Assert.True(c.Interval is not { Recall: { } recall } || recall.Contains(c.Recall));
    });

    [Fact]
    public void Compare_HalfAnsweredOnPacketOne_DoesNotTellTheRatioOfMedians()
    {
        var told = Compare([0.6, 0.7, 0.65]);
        var spanned = Compare([0.45, 0.5, 0.55]);

        Assert.NotNull(told.SpeedupMedian);
        Assert.NotNull(told.SpeedupMedianInterval);
        Assert.Null(spanned.SpeedupMedian);
        Assert.Null(spanned.SpeedupMedianInterval);
        Assert.Contains("half lies within",
            string.Join('\n', IntervalText.Notes(result with { Comparison = spanned })));
        Assert.DoesNotContain("half lies within",
            string.Join('\n', IntervalText.Notes(result with { Comparison = told })));
    }

    static EvaluationResult Run(EvaluationRequest request) =>
        Evaluator.Run(request, cancel: TestContext.Current.CancellationToken);

    CascadeComparison Compare(double[] firstPacket)
    {
        double[] one = [1, 1, 1];
        var classes = ClassDraws.Compute(CaptureDraws.Create(Datasets.FlowSets.Sample([0], 1), 1, 3), [0], 1, []);
        var draws = new SystemDraws(classes, one, one, one, one, one, one, one, one, one, one);
        var system = new MeasuredSystem(result.SlowOnly, draws);
        return CascadeComparison.Compare(system, system, firstPacket.Average(), firstPacket, one, [double.NaN],
            CaptureDraws.Create(Datasets.FlowSets.Sample([0], 1), 1, 3));
    }
}
