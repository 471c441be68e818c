using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Repeats;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Summaries;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Repeats;

public sealed class SplitRepeaterTests
{
    [Fact]
    public void Run_ThreeSplits_HoldOtherCapturesBackEachTimeAndLeaveNothingBehind()
    {
        var loaded = new List<string>();

        var splits = Repeat(3, loaded);

        Assert.Equal([5, 6, 7], splits.Runs.Select(run => run.Seed));
        Assert.Equal(3, splits.Runs.Select(run => HeldOut(run.Evaluated.Bundle)).Distinct().Count());
        Assert.All(splits.Runs, run => Assert.Equal(SessionFlows.Captures,
            run.Evaluated.Data.Captures + run.Evaluated.Data.CapturesTrainedOn));
        Assert.All(loaded, path => Assert.False(Directory.Exists(path)));
        Assert.Equal(splits.Runs.Count(run => run.Evaluated.Comparison.Loss <= splits.MaxLoss), splits.Within);
    }

    [Fact]
    public void Format_Splits_ShowEverySplitAndTheFiguresOverThem()
    {
        var splits = Repeat(2, []);

        var document = SplitsDocument.From(splits);
        var text = SplitsText.Format(splits);

        Assert.Equal(2, document.Count);
        Assert.Equal(document.Runs.Average(run => run.Loss), document.Figures["loss"].Mean, 12);
        Assert.Equal(document.Runs.Average(run => run.SpeedupMean), document.Figures["speedup_mean"].Mean, 12);
        Assert.Contains("of 2 splits lost at most 0.0100", text);
        Assert.Contains("dt@1,dt@3", text);
        Assert.All(splits.Figures.Where(figure => figure.Name != "loss"),
            figure => Assert.True(figure.Interval!.Value.Low >= 0, figure.Name));
        Assert.All(splits.Figures.Where(figure => IsShare(figure.Name)),
            figure => Assert.True(figure.Interval!.Value.High <= 1, figure.Name));
    }

    [Fact]
    public void From_Values_HaveTheIntervalOfTheCorrectedResampledT()
    {
        var figure = SplitFigure.From("x", [1, 2, 3, 4, 5], 0.25);

        // t(4, 0.975) = 2.776; standard error 1.5811 × sqrt(1/5 + 1/3)
        Assert.Equal((3, 1, 5), (figure.Mean, figure.Min, figure.Max));
        Assert.Equal(1.5811, figure.Deviation, 4);
        Assert.Equal(3 + (2.77645 * 1.58114 * Math.Sqrt(0.2 + (1.0 / 3))), figure.Interval!.Value.High, 3);
        Assert.Null(SplitFigure.From("x", [1], 0.25).Interval);
    }

    static bool IsShare(string figure) => figure.EndsWith("_f1", StringComparison.Ordinal)
        || figure.EndsWith("_share", StringComparison.Ordinal) || figure.StartsWith("under_", StringComparison.Ordinal);

    static RepeatedSplits Repeat(int splits, List<string> loaded) => new SplitRepeater(new TrainRequest
    {
        Data = SessionFlows.Data(),
        Bundle = "unused",
        Trainers = [new DtTrainer()],
        Depths = [1, 3],
        Tiers = ModelSpec.ParseList("dt@1,dt@3"),
        Options = new() { Threads = 1, Seed = 5 },
    }, path =>
    {
        loaded.Add(path);
        return Bundle.Load(path);
    }).Run(splits, null, TestContext.Current.CancellationToken);

    static string HeldOut(Bundle bundle) => string.Join(' ', bundle.Manifest.Data.HeldOut.Select(c => c.Path));
}
