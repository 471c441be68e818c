using ServeFlow.Benchmarks.Promises;
using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Synthesis;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Promises;

/// <summary>Draws of captures, and cascades that are placed on them and judged on all flows.</summary>
public sealed class PromiseTrialTests : IDisposable
{
    const int Captures = 30, Depth = 5;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-promise").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Take_CapturesWithReplacement_CountsEachAsItsOwnInTheSameFold()
    {
        var population = CapturePopulation.Measure(Request(), TestContext.Current.CancellationToken);
        var captures = population.Draw(new(3));

        var (data, candidates) = population.Take(captures);

        Assert.Equal((Captures, Captures), (population.Captures, data.Flows.Captures.Distinct().Count()));
        Assert.InRange(data.DataSet.Captures.Distinct().Count(), 1, Captures - 1);
        Assert.All(data.Flows.Captures.Zip(data.Parts).GroupBy(flow => data.DataSet.Captures[flow.First]),
            ofCapture => Assert.Single(ofCapture.Select(flow => flow.Second).Distinct()));
        Assert.All(candidates.All, candidate => Assert.Equal(data.Flows.Count, candidate.Predictions.Flows));
    }

    /// <summary>Escalation timeouts ask for a flow's scores on fewer packets than a tier waits for.</summary>
    [Fact]
    public void Take_ScoresOnFewerPackets_AreThoseOfTheFlowsThatWereDrawn()
    {
        var population = CapturePopulation.Measure(Request(), TestContext.Current.CancellationToken);
        var captures = population.Draw(new(3));
        var (data, candidates) = population.Take(captures);
        var (slow, drawn) = (population.Candidates.Single(tier => tier.Spec.Depth == Depth),
            candidates.All.Single(tier => tier.Spec.Depth == Depth));
        int[] some = [.. Enumerable.Range(0, data.Flows.Count).Where(flow => flow % 7 == 0)];

        var scores = drawn.ScorePackets!(data.Flows.Subset(some), [.. some.Select(_ => 1)]);

        Assert.All(some.Index(), flow =>
        {
            var original = population.Flows.Positions(other => other.FirstRecord == data.Flows[flow.Item].FirstRecord);
            Assert.Equal(slow.ScorePackets!(population.Flows.Subset(original), [1])[0].ToArray(),
                scores[flow.Index].ToArray());
        });
    }

    [Fact]
    public void Run_StrictAndLaxPromises_AnswersEarlyWhereCapturesShowThatLittleIsLost()
    {
        var request = Request();
        var population = CapturePopulation.Measure(request, TestContext.Current.CancellationToken);
        PromiseTrial[] Run(params double[] maxLosses) => PromiseTrial.Run(population,
            [.. maxLosses.Select(max => request with { Goal = new() { MaxLoss = max }, Promise = new(max, 0.95) })],
            population.Draw(new(4)), TestContext.Current.CancellationToken);

        var trials = Run(0.001, 0.4);

        Assert.Equal((true, 0, 0), (trials[0].IsVacuous, trials[0].LostShare, trials[0].EarlyShare)); // few captures
        Assert.True(trials[1].EarlyShare > 0.2 && trials[1].LostShare < trials[1].Bound && trials[1].Bound < 0.4);
        Assert.False(trials[1].IsVacuous);
        Assert.Equal([trials[1]], Run(0.4)); // the same with nothing calibrated before
    }

    TrainRequest Request()
    {
        SyntheticSet.Write(new() { Directory = folder, Flows = 600, Classes = 4, Captures = Captures, Seed = 2 },
            cancel: TestContext.Current.CancellationToken);
        var data = DataSetBuilder.Build(
            new()
            {
                Path = folder,
                Labels = Path.Combine(folder, "labels.csv"),
                Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet),
                Depth = Depth,
            }, null, TestContext.Current.CancellationToken);
        return new()
        {
            Data = data.Data,
            Bundle = "",
            Trainers = [new EtTrainer()],
            Depths = [1, Depth],
            Options = new() { Rounds = 20 },
        };
    }
}
