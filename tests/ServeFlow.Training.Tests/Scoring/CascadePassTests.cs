using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Scoring;

public sealed class CascadePassTests
{
    static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(60);

    readonly DataSet data = SessionFlows.Data();

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(512)]
    public void Run_AnyBatch_ScoresWhatTheRulesPassOn(int batch)
    {
        int[] flows = [.. Enumerable.Range(0, data.Flows.Count)];
        TimedTier[] tiers = [Tier(1, 0.3), Tier(3, double.PositiveInfinity)];
        var predictions = tiers.Select(t => Score(t, flows)).ToList();
        var run = CascadeRun.ByRules([.. tiers.Select(t => t.Rule)], predictions);

        var scored = new CascadePass(data, flows, WaitLimit, tiers).Run(flows.Length, batch);

        Assert.InRange(run.Escalated(0), 1, flows.Length - 1);
        Assert.Equal(flows.Length + run.Escalated(0), scored);
    }

    [Fact]
    public void Measure_EveryBatchSize_HasAFigure()
    {
        int[] flows = [.. Enumerable.Range(0, data.Flows.Count)];

        var costs = CostMeter.Measure(data, flows, WaitLimit, [Tier(1, 0.3), Tier(3, double.PositiveInfinity)]);

        Assert.Equal([1, 32, IBatchScorer.Capacity], costs.Select(c => c.Flows));
        Assert.All(costs, cost => Assert.True(cost.NsPerFlow > 0));
    }

    [Fact]
    public void Measure_NoFlow_CostsNothing() =>
        Assert.All(CostMeter.Measure(data, [], WaitLimit, [Tier(1, 1)]), cost => Assert.Equal(0, cost.NsPerFlow));

    Predictions Score(TimedTier tier, int[] flows)
    {
        var predictions = new Predictions(flows.Length, data.Labels.Count);
        new FlowScorer(data, tier.Depth, WaitLimit, tier.Create).Score(flows, predictions, flows, default);
        return predictions;
    }

    TimedTier Tier(int depth, double threshold)
    {
        int[] flows = [.. Enumerable.Range(0, data.Flows.Count)];
        var model = new DtTrainer().Train(new(data, flows, depth), null, new() { Threads = 1 }, null, default);
        var compiled = new CompiledModel(ServeFlow.Models.LightGbmText.Read(model.ModelText, "dt"), data.Schema, depth, "dt");
        return new(depth, new(1, UncertaintyMeasure.Margin, [.. Enumerable.Repeat(threshold, data.Labels.Count)]),
            compiled.CreateScorer);
    }
}
