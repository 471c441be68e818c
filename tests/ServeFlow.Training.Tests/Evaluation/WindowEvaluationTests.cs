using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Summaries;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Evaluation;

/// <summary>One small bundle for windows, trained and evaluated once.</summary>
public sealed class WindowEvaluationTests : IClassFixture<WindowEvaluationTests.Evaluated>
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public sealed class Evaluated : IDisposable
    {
        readonly string root = Directory.CreateTempSubdirectory("serveflow-windows-").FullName;

        public Evaluated()
        {
            Bundle = Bundle.Load(CascadeTrainer.Train(new()
            {
                Data = Windows(Second),
                Bundle = Path.Combine(root, "seconds"),
                Trainers = [new DtTrainer()],
                Depths = [1, 3],
                Tiers = ModelSpec.ParseList("dt@1,dt@3"),
                HoldOut = 0.25,
                Options = new() { Threads = 1 },
            }).Bundle);
            Result = Evaluator.Run(new() { Bundle = Bundle, Data = Windows(Second) });
        }

        public Bundle Bundle { get; }

        public EvaluationResult Result { get; }

        public void Dispose() => Directory.Delete(root, recursive: true);
    }

    readonly Evaluated evaluated;

    public WindowEvaluationTests(Evaluated evaluated) => this.evaluated = evaluated;

    [Fact]
    public void Train_OnWindows_TheBundleSaysSo()
    {
        Assert.Equal(1000, evaluated.Bundle.Manifest.WindowMs);
        Assert.Equal(Second, evaluated.Bundle.Plan.Window);
    }

    [Theory]
    [InlineData(null, "not each flow")]
    [InlineData(5, "not each window of 5s")]
    public void Run_OnAnotherUnit_OneLineSaysWhich(int? seconds, string expected)
    {
        TimeSpan? window = seconds is { } length ? TimeSpan.FromSeconds(length) : null;
        var error = Assert.Throws<InputException>(() =>
            Evaluator.Run(new() { Bundle = evaluated.Bundle, Data = Windows(window) },
                cancel: TestContext.Current.CancellationToken));
        Assert.Contains("classifies each window of 1s", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Pairs of flows stand for two windows of one flow; a capture holds three classes and so has no vote.
    /// </summary>
    [Fact]
    public void Run_OnWindows_FlowsVote()
    {
        var result = evaluated.Result;
        var flows = Assert.Single(result.Votes, vote => vote.Unit == "flow");
        Assert.Equal(result.Data.Flows, 2 * flows.Count);
        Assert.InRange(flows.Accuracy, result.Cascade.Accuracy - 0.2, 1);
        Assert.Equal(0, Assert.Single(result.Votes, vote => vote.Unit == "capture").Count);
        Assert.Contains($"{result.Data.Flows} windows of 3 classes", EvaluationText.Format(result),
            StringComparison.Ordinal);
        Assert.Equal(1000, EvaluationDocument.From(result).Data.WindowMs);
    }

    /// <summary>Every flow twice in a row: as the first and the second window of one flow.</summary>
    static DataSet Windows(TimeSpan? length)
    {
        var data = SessionFlows.Data();
        return new()
        {
            Schema = data.Schema,
            Depth = data.Depth,
            Labels = data.Labels,
            Captures = data.Captures,
            Headers = data.Headers,
            Sha256 = data.Sha256,
            Unit = new(length),
            Flows = [.. data.Flows.SelectMany(flow => new[] { flow, flow with { Window = 1 } })],
        };
    }
}
