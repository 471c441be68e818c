using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>A worker whose plan changes while flows wait for their answer.</summary>
public sealed class WorkerLaneTests
{
    /// <summary>Answers the other way round, later, and by tiers of other names.</summary>
    static readonly CascadePlan Second = Plan(["gerade", "ungerade", "none"], 2, 4) with { Version = "2" };

    [Fact]
    public void Use_WhileAFlowWaits_ItsAnswerIsOfThePlanItBeganWith()
    {
        var run = new Run(Plan(1, 3));

        run.Take(new MemorySource().Udp(0, 1000, UnsureEven).Udp(1, 1001, SureOdd));
        run.Change(Second);
        run.Take(new MemorySource().Udp(2, 1000, SureOdd).Udp(3, 1000, SureOdd).Udp(4, 2000, UnsureOdd)
            .Udp(5, 2000, SureEven));
        run.Worker.Finish();

        Assert.Equal([(1001, 0, "odd, \"quoted\"", 1), (1000, 0, "odd, \"quoted\"", 3), (2000, 1, "gerade", 2)],
            run.Log.Predictions.Select(record => run.Describe(record)));
        Assert.Equal([(1000, 0), (1001, 0), (2000, 1)],
            run.Log.Ends.Select(record => ((int)record.Flow.SourcePort, (int)record.Model)).Order());
        Assert.True(run.Worker.Account.Balances);
    }

    [Fact]
    public void Use_BackAndForth_GivesTheRecordsOfARunWithoutChangesWhereThePlansAreEqual()
    {
        var plan = Plan(1, 3);
        var (alone, _) = RecordLog.Run(plan, Mixed());
        var run = new Run(plan);
        var lanes = new[] { run.Lane(plan, "a"), run.Lane(plan, "b") };

        var changes = 0;
        run.Worker.Run(new ChangingSource(Mixed(burstSize: 3), () => run.Worker.Use(new(lanes[changes++ % 2]))),
            TestContext.Current.CancellationToken);
        run.Worker.Finish();
        Assert.Equal(alone.Records.Select(Facts), run.Log.Records.Select(Facts));
        Assert.True(changes > 20);
        Assert.Equal([1, 2], run.Log.Records.Select(record => (int)record.Model).Distinct().Order());
    }

    [Fact]
    public void Use_PlansWithOtherWaitLimits_EachFlowWaitsAsLongAsItsOwnPlanSays()
    {
        var run = new Run(Plan(1, 3));
        run.Take(new MemorySource().Udp(0, 1000, UnsureEven));
        run.Change(Plan(1, 3) with { WaitLimit = TimeSpan.FromSeconds(5) });
        run.Take(new MemorySource().Udp(100, 2000, UnsureEven));
        run.Change(Plan(1, 3) with { WaitLimit = TimeSpan.FromSeconds(0.5) });
        run.Take(new MemorySource().Udp(200, 3000, UnsureEven).Udp(8000, 4000, SureOdd));
        run.Worker.Finish();

        Assert.Equal([(3000, 700), (1000, 1000), (2000, 5100), (4000, 8000)], run.Log.Predictions.Select(record =>
            ((int)record.Flow.SourcePort, (int)((record.TimestampNs - MemorySource.Start) / 1_000_000))));
        Assert.All(run.Log.Predictions.Take(3),
            record => Assert.Equal(DecisionReason.WaitTimeout, record.Classification.Reason));
    }

    [Fact]
    public void Use_MorePlansThanLanes_WaitsUntilOneHasDrained()
    {
        var run = new Run(Plan(1, 3));
        for (var i = 0; i < 70; i++)
        {
            run.Take(new MemorySource().Udp(i, 1000 + i, UnsureEven));
            run.Change(Plan(1, 3) with { Version = $"{i + 2}" });
        }

        Assert.False(run.Worker.IsChanged);
        run.Take(new MemorySource().Udp(5000, 3000, UnsureEven).Udp(5001, 3001, SureEven));
        run.Take(new MemorySource().Udp(5002, 3002, SureEven));
        Assert.True(run.Worker.IsChanged);
        run.Worker.Finish();
        Assert.Equal(73, run.Log.Predictions.Count);
        Assert.True(run.Worker.Account.Balances);
    }

    [Fact]
    public void Use_TiersOfOtherNames_AreCountedApart()
    {
        var run = new Run(Plan(1));
        run.Take(new MemorySource().Udp(0, 1000, SureEven));
        run.Change(Plan(1, 1, 1) with { Version = "2" });
        run.Take(new MemorySource().Udp(1, 2000, UnsureOdd).Udp(2, 3000, SureOdd));
        run.Worker.Finish();

        Assert.Equal(run.Plans.TierNames.Count, run.Worker.Account.DecisionsByTier.Length);
        Assert.Equal(3, run.Worker.Account.DecisionsByTier.ToArray().Sum());
        Assert.True(run.Worker.Account.Balances);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.3, 1300, 1700)]
    [InlineData(1, 5000, 5000)]
    public void Choose_Canary_AnswersItsShareAndAlwaysTheSameFlows(double share, int least, int most)
    {
        var (first, second) = (Answered(share), Answered(share));

        Assert.InRange(first.Count, least, most);
        Assert.Equal(first, second);
    }

    static List<int> Answered(double share)
    {
        var run = new Run(Plan(1));
        run.Worker.Use(new(run.Worker.CreateLane(Plan(1), 0), run.Lane(Second, "2"), share));
        var source = new MemorySource();
        for (var i = 0; i < 5000; i++)
        {
            source.Udp(i, 1024 + i, SureEven);
        }

        run.Take(new MemorySource().Udp(0, 999, SureEven));
        run.Take(source);
        run.Worker.Finish();
        return [.. run.Log.Predictions.Where(record => record is { Model: 1, Flow.SourcePort: > 999 })
            .Select(record => (int)record.Flow.SourcePort)];
    }

    static MemorySource Mixed(int burstSize = PacketBurst.Capacity)
    {
        var source = new MemorySource(burstSize);
        for (var i = 0; i < 120; i++)
        {
            source.Udp(i * 7, 1000 + (i % 23), (i * 5 % 4) + 4, forward: i % 3 > 0);
        }

        return source;
    }

    static (long, EndReason, RecordKind, int, int, float, DecisionReason, int) Facts(FlowRecord record) =>
        (record.TimestampNs, record.EndReason, record.Kind, record.Flow.SourcePort, record.Classification.LabelId,
            record.Classification.Confidence, record.Classification.Reason, record.Classification.PacketsUsed);

    sealed class Run
    {
        public Run(CascadePlan first)
        {
            Plans = new(first);
            Worker = new(first, new(), Log, null, Plans);
        }

        public RecordLog Log { get; } = new();

        public ServedPlans Plans { get; }

        public Worker Worker { get; }

        public PlanLane Lane(CascadePlan plan, string key) => Worker.CreateLane(plan, Plans.Add(plan, key));

        public void Change(CascadePlan plan) => Worker.Use(new(Lane(plan, $"{plan.Version} {plan.WaitLimit}")));

        public void Take(MemorySource source) => Worker.Run(source, TestContext.Current.CancellationToken);

        public (int Port, int Model, string Label, int Packets) Describe(FlowRecord record) =>
            (record.Flow.SourcePort, record.Model, Plans[record.Model].Labels[record.Classification.LabelId],
                record.Classification.PacketsUsed);
    }
}
