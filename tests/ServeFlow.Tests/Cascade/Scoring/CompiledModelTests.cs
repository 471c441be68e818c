using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Models;
using ServeFlow.Tests.Models.BitSliced;
using Xunit;

namespace ServeFlow.Tests.Cascade.Scoring;

public sealed class CompiledModelTests
{
    const int Depth = 2;
    const double Tolerance = 1e-6;

    static readonly FeatureSchema schema = FeatureSchema.Parse("nprint:ip4,tcp+dir+size");

    [Theory]
    [InlineData(ScoringEngine.Portable)]
    [InlineData(ScoringEngine.Avx2)]
    [InlineData(ScoringEngine.Avx512)]
    public void Score_RandomModelAndHeaders_EqualsTheReference(ScoringEngine engine)
    {
        var random = new Random(7);
        var model = new CompiledModel(DrawForest(random), schema, Depth, "drawn", engine);
        var scorers = new[]
        {
            model.CreateScorer(),
            new ReferenceBatchScorer(schema, model.Forest, [.. Enumerable.Range(0, model.Forest.ColumnNames.Count)]),
        };
        Assert.IsType<ForestBatchScorer>(scorers[0]);

        var probabilities = scorers.Select(scorer => Score(scorer, new Random(8), flows: 300)).ToArray();

        for (var i = 0; i < probabilities[0].Length; i++)
        {
            Assert.Equal(probabilities[1][i], probabilities[0][i], Tolerance);
        }
    }

    [Theory]
    [InlineData(ScoringEngine.Portable)]
    [InlineData(ScoringEngine.Avx2)]
    [InlineData(ScoringEngine.Avx512)]
    public void Score_AnyBatchSize_GivesAFlowTheSameProbabilities(ScoringEngine engine)
    {
        var model = new CompiledModel(DrawForest(new Random(7)), schema, Depth, "drawn", engine);
        var all = Score(model.CreateScorer(), new Random(8), flows: 300);
        var scorer = model.CreateScorer();
        for (var flows = 1; flows <= 300; flows += flows < 20 ? 1 : 40)
        {
            scorer.Begin(flows);

            Assert.Equal(all[..(flows * model.Classes)], Score(scorer, new Random(8), flows));
        }
    }

    [Theory]
    [InlineData(ScoringEngine.Portable)]
    [InlineData(ScoringEngine.Avx2)]
    [InlineData(ScoringEngine.Avx512)]
    public void Score_ModelThatIsNotPrepared_GivesTheSameAndIsPreparedAfterManyFlows(ScoringEngine engine)
    {
        const int Flows = 500, Batches = 20;
        var forest = DrawForest(new Random(7));
        var expected = Score(new CompiledModel(forest, schema, Depth, "drawn", engine).CreateScorer(), new Random(8),
            Flows);
        var model = new CompiledModel(forest, schema, Depth, "drawn", engine, prepare: false);
        var (announced, other) = (model.CreateScorer(), model.CreateScorer());

        Assert.Equal(expected, Score(other, new Random(8), Flows));
        Assert.False(model.IsPrepared);
        for (var batch = 0; batch < Batches; batch++)
        {
            announced.Begin(Flows);
            Assert.Equal(expected, Score(announced, new Random(8), Flows));
        }

        Assert.True(SpinWait.SpinUntil(() => model.IsPrepared, TimeSpan.FromMinutes(1)));
        foreach (var scorer in new[] { announced, other, other, announced })
        {
            scorer.Begin(Flows);
            Assert.Equal(expected, Score(scorer, new Random(8), Flows));
        }
    }

    [Theory]
    [InlineData(ScoringEngine.Portable)]
    [InlineData(ScoringEngine.Avx2)]
    [InlineData(ScoringEngine.Avx512)]
    [InlineData(ScoringEngine.Reference)]
    public void CreateColumnScorer_RowsOfFlows_GivesThemTheSameProbabilities(ScoringEngine engine)
    {
        const int Flows = 150;
        var model = new CompiledModel(DrawForest(new Random(7)), schema, Depth, "drawn", engine);
        var scorer = model.CreateColumnScorer();
        var columns = scorer.Columns.ToArray();
        var (rows, random) = (new float[Flows * columns.Length], new Random(8));
        for (var flow = 0; flow < Flows; flow++)
        {
            schema.Extract(DrawPackets(random), columns, rows.AsSpan(flow * columns.Length, columns.Length));
        }

        var probabilities = new float[Flows * scorer.Classes];
        scorer.Score(rows, Flows, probabilities);

        Assert.Equal(Score(model.CreateScorer(), new Random(8), Flows), probabilities);
        Assert.Equal(engine == ScoringEngine.Reference, scorer is ForestColumnScorer);
    }

    [Theory]
    [InlineData(ScoreTransform.Softmax, 0.2, ScoringEngine.Avx2)]
    [InlineData(ScoreTransform.Softmax, 1e4, ScoringEngine.Reference)]
    [InlineData(ScoreTransform.SigmoidPerClass, 1e4, ScoringEngine.Reference)]
    public void Create_LeafValuesTooLargeForFixedPoint_IsServedByTheReference(ScoreTransform transform, double largest,
        ScoringEngine expected)
    {
        var drawn = DrawForest(new Random(9), transform, largest);

        Assert.Equal(expected, new CompiledModel(drawn, schema, Depth, "drawn", ScoringEngine.Avx2).Engine);
    }

    [Fact]
    public void Create_ModelOfAForeignColumn_NamesModelAndColumn()
    {
        var tree = new Tree
        {
            Columns = [0],
            Thresholds = [0.5],
            LeftChildren = [~0],
            RightChildren = [~1],
            LeafValues = [0, 1],
        };
        var forest = new Forest
        {
            Classes = 2,
            TreesPerIteration = 1,
            Transform = ScoreTransform.Sigmoid,
            Trees = [tree],
            ColumnNames = ["p1_no_such_bit"],
        };

        var message = Assert.Throws<InputException>(() => new CompiledModel(forest, schema, Depth, "m.txt")).Message;

        Assert.Contains("m.txt", message);
        Assert.Contains("p1_no_such_bit", message);
    }

    [Theory]
    [InlineData("Column_")]
    [InlineData("f")]
    public void Create_ColumnsWithoutNames_AreJoinedByPlace(string prefix)
    {
        var named = DrawForest(new Random(9));
        var numbered = WithNames(named, prefix, named.ColumnNames.Count);
        var models = new[] { named, numbered }.Select(f => new CompiledModel(f, schema, Depth, "m.txt"));

        var probabilities = models.Select(m => Score(m.CreateScorer(), new Random(8), flows: 20)).ToArray();

        Assert.Equal(probabilities[0], probabilities[1]);
    }

    [Fact]
    public void Create_OtherNumberOfColumnsWithoutNames_IsRefused()
    {
        var columns = schema.ColumnsPerPacket * Depth;
        var forest = WithNames(DrawForest(new Random(9)), "Column_", columns);

        var message = Assert.Throws<InputException>(() => new CompiledModel(forest, schema, 1, "m.txt")).Message;

        Assert.StartsWith($"m.txt: takes {columns} columns without names", message);
    }

    static Forest WithNames(Forest forest, string prefix, int columns) => new()
    {
        Classes = forest.Classes,
        TreesPerIteration = forest.TreesPerIteration,
        Transform = forest.Transform,
        Trees = forest.Trees,
        ColumnNames = [.. Enumerable.Range(0, columns).Select(c => $"{prefix}{c}")],
    };

    static Forest DrawForest(Random random, ScoreTransform transform = ScoreTransform.Softmax, double largest = 0.2)
    {
        var columns = schema.ColumnsPerPacket * Depth;
        var drawn = RandomForests.Draw(random, classes: 4, rounds: 20, leaves: 40, columns, transform, largest);
        return new()
        {
            Classes = drawn.Classes,
            TreesPerIteration = drawn.TreesPerIteration,
            Transform = drawn.Transform,
            Trees = drawn.Trees,
            ColumnNames = [.. Enumerable.Range(0, columns).Select(schema.ColumnName)],
        };
    }

    static float[] Score(IBatchScorer scorer, Random random, int flows)
    {
        for (var flow = 0; flow < flows; flow++)
        {
            scorer.Add(flow, DrawPackets(random));
        }

        var probabilities = new float[flows * scorer.Classes];
        scorer.Score(flows, probabilities);
        return probabilities;
    }

    static HeaderRecord[] DrawPackets(Random random)
    {
        var packets = new HeaderRecord[random.Next(1, Depth + 1)];
        foreach (ref var packet in packets.AsSpan())
        {
            (packet.Ipv4Length, packet.TcpLength) = (20, (byte)random.Next(20, 61));
            (packet.Direction, packet.Size) = ((byte)random.Next(2), (ushort)random.Next(3));
            Span<byte> bits = packet.Bits;
            random.NextBytes(bits.Slice(HeaderRecord.Ipv4Offset, packet.Ipv4Length));
            random.NextBytes(bits.Slice(HeaderRecord.TcpOffset, packet.TcpLength));
        }

        return packets;
    }
}
