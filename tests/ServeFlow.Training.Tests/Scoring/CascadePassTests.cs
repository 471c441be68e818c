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

    readonly FlowSample flows = FlowSample.All(SessionFlows.Data());

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(512)]
    public void Run_AnyBatch_ScoresWhatTheRulesPassOn(int batch)
    {
        TimedTier[] tiers = [Tier(1, 0.3), Tier(3, double.PositiveInfinity)];
        var predictions = tiers.Select(Score).ToList();
        var run = CascadeRun.ByRules([.. tiers.Select(t => t.Rule)], predictions);

        var scored = new CascadePass(flows, WaitLimit, tiers).Run(flows.Count, batch);

        Assert.InRange(run.Escalated(0), 1, flows.Count - 1);
        Assert.Equal(flows.Count + run.Escalated(0), scored);
    }

    [Fact]
    public void Measure_EveryBatchSize_HasAFigure()
    {
        var costs = CostMeter.Measure(flows, WaitLimit, [Tier(1, 0.3), Tier(3, double.PositiveInfinity)]);

        Assert.Equal([1, 32, IBatchScorer.Capacity], costs.Select(c => c.Flows));
        Assert.All(costs, cost => Assert.True(cost.NsPerFlow > 0));
    }

    [Fact]
    public void Measure_NoFlow_CostsNothing() =>
        Assert.All(CostMeter.Measure(flows.Subset([]), WaitLimit, [Tier(1, 1)]),
            cost => Assert.Equal(0, cost.NsPerFlow));

    Predictions Score(TimedTier tier) =>
        new FlowScorer(tier.Depth, WaitLimit, tier.Create).Score(flows, flows.Classes.Count, default);

    TimedTier Tier(int depth, double threshold)
    {
        var model = new DtTrainer().Train(new(flows, depth), null, new() { Threads = 1 }, null, default);
        var compiled = new CompiledModel(ServeFlow.Models.LightGbmText.Read(model.ModelText, "dt"), flows.Data.Schema,
            depth, "dt");
        return new(depth, new(1, UncertaintyMeasure.Margin, [.. Enumerable.Repeat(threshold, flows.Classes.Count)]),
            compiled.CreateScorer);
    }
}
