using CsCheck;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Models;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Tests.Cascade.Drift;
using Xunit;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>A worker that keeps answers to what its tiers ask gives the records of one that keeps headers.</summary>
public sealed class WorkerRowsTests
{
    static readonly FeatureSchema Schema = FeatureSchema.Parse("nprint:ip4,tcp,udp+dir+size+iat", "default");

    [Theory]
    [InlineData(ScoringEngine.Portable)]
    [InlineData(ScoringEngine.Avx2)]
    [InlineData(ScoringEngine.Avx512)]
    public void Run_AnyTraffic_GivesTheRecordsOfKeptHeaders(ScoringEngine engine)
    {
        CascadePlan[] plans =
        [
            Plan(engine, null, 1), Plan(engine, null, 1, 3), Plan(engine, null, 1, 1, 2, 5),
            Plan(engine, TimeSpan.FromMilliseconds(300), 2, 4),
        ];
        AssertSameRecords(plans);
    }

    /// <summary>Sums over the packets go on with each, and are answered at the depth of each tier.</summary>
    [Theory]
    [InlineData(ScoringEngine.Portable)]
    [InlineData(ScoringEngine.Avx2)]
    [InlineData(ScoringEngine.Avx512)]
    public void Run_TiersThatAskForAggregates_GivesTheRecordsOfKeptHeaders(ScoringEngine engine)
    {
        var schema = FeatureSchema.Parse("nprint:ip4,tcp,udp+dir+size+iat+agg+burst", "default");
        AssertSameRecords(
        [
            Plan(schema, engine, null, 12), Plan(schema, engine, null, 1, 2, 12),
            Plan(schema, engine, TimeSpan.FromMilliseconds(300), 2, 1_000),
        ]);
    }

    static void AssertSameRecords(CascadePlan[] plans)
    {
        Assert.All(plans, plan => Assert.NotNull(PlanRows.TryCreate(plan)));
        Gen.Select(RandomTraffic.Steps, Gen.Int[0, plans.Length - 1], Gen.Bool, Gen.Int[1, 40]).Sample(
            (steps, plan, tight, burst) =>
            {
                var options = tight ? WorkerPropertyTests.Tight : new();

                Assert.Equal(
                    WorkerPropertyTests.Eve(plans[plan], steps, burst, options with { KeepsHeaders = true }),
                    WorkerPropertyTests.Eve(plans[plan], steps, burst, options));
            });
    }

    /// <summary>The flow has begun in the middle, and a handshake shows its other side to be the client.</summary>
    [Fact]
    public void Run_SidesTurn_AnswersFromTurnedDirections()
    {
        var plan = PlanOfDirections();
        var (rows, headers) = (Run(false), Run(true));

        Assert.Equal(1, rows.Account.Events[FlowEvent.SidesTurned]);
        Assert.Equal(headers.Log.Predictions.Select(Text), rows.Log.Predictions.Select(Text));

        (RecordLog Log, Account Account) Run(bool keepsHeaders) => RecordLog.Run(plan, new MemorySource()
            .Tcp(0, 1000, TcpFlags.Ack).Tcp(1, 1000, TcpFlags.Syn, forward: false).Tcp(2, 1000, TcpFlags.Ack),
            new() { KeepsHeaders = keepsHeaders });
    }

    [Fact]
    public void Run_WithABaseline_CountsTheSameAnswersToItsQuestions()
    {
        var share = new DriftFigure(0.5, 0.1, 0.03);
        var plan = Plan(ScoringEngine.Avx2, null, 2, 3);
        var drift = DriftPlan.Compile(SmallBaseline.Create("a", "b", 2, new("p1_size", 34.5, share),
            new("p1_dir", 0.5, share), new("p2_udp_len_15", -0.5, share)), plan.Labels, ["one", "two"], Schema, 2);
        Gen.Int[0, 7].Array[200].Sample(payloads =>
            Assert.Equal(Count(plan with { Drift = drift }, payloads, true),
                Count(plan with { Drift = drift }, payloads, false)), iter: 10);
    }

    /// <summary>Gets a plan of two tiers, 1 and 3 packets, that asks for directions alone.</summary>
    internal static CascadePlan PlanOfDirections() =>
        Plan(ScoringEngine.Avx2, null, 1, 3) with { Tiers = [AsksDirections(1), AsksDirections(3)] };

    static long[] Count(CascadePlan plan, int[] payloads, bool keepsHeaders)
    {
        var counter = new DriftCounter(plan.Drift!, 2 * DriftCounter.Sampling);
        using var sink = new NullSink();
        var worker = new Worker(plan, new() { KeepsHeaders = keepsHeaders }, sink, null, new(plan), 0, counter);
        var source = new MemorySource();
        foreach (var (i, payload) in payloads.Index())
        {
            source.Udp(i, 1000 + (i / 3), payload, forward: payload % 2 == 0);
        }

        worker.Run(source, TestContext.Current.CancellationToken);
        worker.Finish();
        var counts = new long[plan.Drift!.Layout.Length];
        while (counter.TryTake(counts))
        {
        }

        Assert.True(counts[DriftLayout.Sampled] > 0);
        return counts;
    }

    static string Text(FlowRecord record) =>
        $"{record.Classification.LabelId} {record.Classification.Confidence} {record.Classification.Tier}";

    internal static CascadePlan Plan(ScoringEngine engine, TimeSpan? window, params int[] depths) =>
        Plan(Schema, engine, window, depths);

    static CascadePlan Plan(FeatureSchema schema, ScoringEngine engine, TimeSpan? window, params int[] depths) => new()
    {
        Window = window,
        Name = "drawn",
        Version = "1",
        Schema = schema,
        Labels = ["a", "b"],
        Tiers = [.. depths.Select((depth, i) => Tier(depth, i == depths.Length - 1,
            new CompiledModel(DrawForest(schema, new Random(i), depth), schema, depth, "drawn", engine),
            (char)('a' + i)))],
        WaitLimit = TimeSpan.FromSeconds(1),
    };

    static TierPlan Tier(int depth, bool isLast, CompiledModel model, char sha256) => new()
    {
        Name = $"tier {depth}",
        Model = "lgbm",
        ModelSha256 = new(sha256, 64),
        PacketDepth = depth,
        EscalationTimeouts = isLast ? null : [TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(20)],
        Compiled = model,
        Rule = isLast ? TierRule.ForLastTier(1, UncertaintyMeasure.LeastConfidence, 2)
            : new(1, UncertaintyMeasure.LeastConfidence, [0.4, 0.4]),
    };

    /// <summary>A tier that is surer the more of its packets go backward.</summary>
    static TierPlan AsksDirections(int depth) => Tier(depth, depth == 3, new(new()
    {
        Classes = 2,
        TreesPerIteration = 1,
        Transform = ScoreTransform.Sigmoid,
        ColumnNames = [.. Enumerable.Range(0, depth * Schema.ColumnsPerPacket).Select(Schema.ColumnName)],
        Trees = [.. Enumerable.Range(0, depth)
            .Select(packet => Stump(Column(Schema, $"p{packet + 1}_dir"), 0.1 + packet))],
    }, Schema, depth, "directions", ScoringEngine.Avx2), 'd');

    static Tree Stump(int column, double value) => new()
    {
        Columns = [column],
        Thresholds = [0.5],
        LeftChildren = [~0],
        RightChildren = [~1],
        LeafValues = [0, value],
    };

    /// <summary>Trees of three questions about fields that the traffic differs in.</summary>
    static Forest DrawForest(FeatureSchema schema, Random random, int depth)
    {
        int[] bits = [.. Enumerable.Range(1, Math.Min(depth, 10)).SelectMany(packet => (string[])[$"p{packet}_dir",
            $"p{packet}_udp_len_13", $"p{packet}_udp_len_14", $"p{packet}_udp_len_15", $"p{packet}_tcp_fin_0",
            $"p{packet}_tcp_syn_0", $"p{packet}_tcp_ackf_0", $"p{packet}_ipv4_ttl_1"]).Select(Find)];
        int[] numbers = [.. Enumerable.Range(1, Math.Min(depth, 10)).SelectMany(packet => (string[])[$"p{packet}_size",
            $"p{packet}_iat_us"]).Select(Find), .. Enumerable.Range(0, schema.ColumnsPerPacket)
            .Where(schema.IsAggregate).Select(column => ((depth - 1) * schema.ColumnsPerPacket) + column)];
        return new()
        {
            Classes = 2,
            TreesPerIteration = 1,
            Transform = ScoreTransform.Sigmoid,
            ColumnNames = [.. Enumerable.Range(0, depth * schema.ColumnsPerPacket).Select(schema.ColumnName)],
            Trees = [.. Enumerable.Range(0, 60).Select(_ => DrawTree(random, bits, numbers))],
        };

        int Find(string name) => Column(schema, name);
    }

    static Tree DrawTree(Random random, int[] bits, int[] numbers)
    {
        var (columns, thresholds) = (new int[3], new double[3]);
        for (var node = 0; node < 3; node++)
        {
            var isBit = random.Next(4) > 0;
            columns[node] = isBit ? bits[random.Next(bits.Length)] : numbers[random.Next(numbers.Length)];
            thresholds[node] = isBit ? random.Next(-1, 1) + 0.5 : random.Next(2) == 0 ? 30.5 : random.Next(50_000);
        }

        return new()
        {
            Columns = columns,
            Thresholds = thresholds,
            LeftChildren = [1, ~0, ~2],
            RightChildren = [2, ~1, ~3],
            LeafValues = [.. Enumerable.Range(0, 4).Select(_ => (random.NextDouble() - 0.5) * 0.3)],
        };
    }

    static int Column(FeatureSchema schema, string name)
    {
        Assert.True(schema.TryFindColumn(name, 10, out var column), name);
        return column;
    }
}
