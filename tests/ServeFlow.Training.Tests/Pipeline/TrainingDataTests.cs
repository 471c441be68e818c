using ServeFlow.Training.Datasets;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Pipeline;

/// <summary>No flow is on two sides of a division, none is lost.</summary>
public sealed class TrainingDataTests
{
    static readonly TrainRequest Request = new() { Data = SessionFlows.Data(), Bundle = "", HoldOut = 0.25, Folds = 3 };

    [Fact]
    public void Divide_Folds_HoldEachTrainingFlowOutOnce()
    {
        var data = TrainingData.Divide(Request);

        Assert.Equal(Indices(data.Flows), data.Folds.SelectMany(fold => Indices(fold.HeldOut)).Order());
        Assert.All(data.Folds, fold => Assert.Equal(Indices(data.Flows),
            Indices(fold.Train).Concat(Indices(fold.HeldOut)).Order()));
    }

    [Fact]
    public void Divide_Promise_SetsNothingAside()
    {
        var data = TrainingData.Divide(Request with { Promise = new(0.1, 0.9) });

        Assert.Equal(Indices(data.Flows), Indices(data.CalibrationFlows));
        Assert.Equal(Indices(TrainingData.Divide(Request).Flows), Indices(data.Flows));
        Assert.InRange(data.Flows.Count, 1, data.DataSet.Flows.Count - 1);
    }

    [Fact]
    public void Divide_Parts_AreTheFoldsOfWholeCaptures()
    {
        var data = TrainingData.Divide(Request);

        Assert.Equal([0, 1, 2], data.Parts.Distinct().Order());
        Assert.All(data.Parts.Zip(data.CalibrationFlows.Captures).GroupBy(flow => flow.Second),
            capture => Assert.Single(capture.Select(flow => flow.First).Distinct()));
    }

    [Fact]
    public void Divide_ByCapture_MakesNoMoreFoldsThanCaptures()
    {
        var captures = TrainingData.Divide(Request).Flows.Captures.Distinct().Count();

        Assert.Equal(captures, TrainingData.Divide(Request with { Folds = 1000 }).Folds.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Work_StageAfterStage_ProgressOnlyGrows(bool leavesClassesOut)
    {
        var (first, second) = (new ModelSpec("dt", 1), new ModelSpec("lgbm", 10));
        var seen = new Steps();
        var work = new TrainingWork([first, second], choosesFeatures: false, leavesClassesOut, seen);
        work.Candidate(first).Report(new(1, ""));
        work.Candidate(second).Report(new(1, ""));
        work.ReportPlacement();
        if (leavesClassesOut)
        {
            work.LeavingOut.Report(new(0.5, ""));
        }

        work.ReportEnd();

        Assert.Equal(seen.Done.Order(), seen.Done);
        Assert.Equal(1, seen.Done[^1]);
    }

    static IEnumerable<int> Indices(FlowSample flows) => Enumerable.Range(0, flows.Count).Select(flows.FlowIndex);

    sealed class Steps : IProgress<TrainingProgress>
    {
        public List<double> Done { get; } = [];

        public void Report(TrainingProgress value) => Done.Add(value.Done);
    }
}
