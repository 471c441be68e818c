using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Models;
using ServeFlow.Onnx;
using ServeFlow.Onnx.Trees;
using Xunit;

namespace ServeFlow.Training.Tests.Onnx;

/// <summary>Models in ONNX's format as tiers.</summary>
public sealed class OnnxFormatTests
{
    const int Depth = 3;

    static readonly FeatureSchema schema = SessionFlows.Data().Schema;
    static readonly int columns = Depth * schema.ColumnsPerPacket;

    [Fact]
    public void CreateScorer_Forest_ScoresFlowsAsTheForestItself()
    {
        var forest = Stump(columns);
        var models = new[] { Read(OnnxForestWriter.Write(forest)).Bind(schema, Depth),
            new CompiledModel(forest, schema, Depth, "m") };

        var scores = models.Select(model => Score(model.CreateScorer())).ToArray();

        Assert.Equal("onnxruntime", models[0].EngineName);
        Assert.NotEqual(scores[1][0], scores[1][2]);
        Assert.Equal(scores[1], scores[0], (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void CreateScorer_SignedBytesInThreeDimensions_ReadsPacketAfterPacket()
    {
        var data = SessionFlows.Data();
        var random = new Random(1);
        float[] weights = [.. Enumerable.Range(0, columns * 2).Select(_ => random.NextSingle())];
        var scores =
            Score(Read(LinearModel.Write(Depth, schema.ColumnsPerPacket, weights)).Bind(schema, Depth).CreateScorer());
        var row = new float[columns];
        for (var flow = 0; flow < 5; flow++)
        {
            schema.ExtractAll(data.Packets(flow), row);
            Assert.Equal(row.Select((value, c) => value * weights[2 * c]).Sum(), scores[2 * flow], 1e-2);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CreateColumnScorer_RowsOfFlows_GivesWhatTheFlowsGet(bool isInt8)
    {
        var random = new Random(1);
        float[] weights = [.. Enumerable.Range(0, columns * 2).Select(_ => random.NextSingle())];
        var model = Read(isInt8 ? LinearModel.Write(Depth, schema.ColumnsPerPacket, weights)
            : OnnxForestWriter.Write(Stump(columns))).Bind(schema, Depth);
        var data = SessionFlows.Data();
        var rows = new float[40 * columns];
        for (var flow = 0; flow < 40; flow++)
        {
            schema.ExtractAll(data.Packets(flow), rows.AsSpan(flow * columns, columns));
        }

        var scores = new float[40 * model.Classes];
        var scorer = model.CreateColumnScorer()!;
        scorer.Score(rows, 40, scores);

        Assert.Equal(columns, scorer.Columns.Length);
        Assert.Equal(Score(model.CreateScorer()), scores);
    }

    [Fact]
    public void Apply_Logits_BecomeProbabilities()
    {
        var weights = new float[columns * 2];
        weights[1] = 200; // class 1, by the first bit; beyond what an exponential holds
        var model = Read(LinearModel.Write(Depth, schema.ColumnsPerPacket, weights)).Bind(schema, Depth);

        var scores = Score(new BundleImport("onnx", ModelOutput.Logits, [2, 0]).Apply(model, 3).CreateScorer());

        Assert.All(scores.Chunk(3), row => Assert.Equal(1, row.Sum(), 1e-6));
        Assert.All(scores.Chunk(3), row => Assert.Equal(0, row[1]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Join_OtherPackets_IsRefused(int depth)
    {
        var file = Read(OnnxForestWriter.Write(Stump(columns)));

        var message = Assert.Throws<InputException>(() => file.Bind(schema, depth)).Message;

        Assert.StartsWith($"m.onnx: takes {columns} values a flow, but {depth} packets", message);
    }

    [Fact]
    public void Join_BitsBeforePackets_IsRefused()
    {
        var file = Read(LinearModel.Write(schema.ColumnsPerPacket, Depth, new float[columns * 2]));

        Assert.Contains("transpose inside", Assert.Throws<InputException>(() => file.Bind(schema, Depth)).Message);
    }

    [Fact]
    public void Join_SignedBytesOfSizes_IsRefused()
    {
        var sizes = FeatureSchema.Parse("nprint:udp+size");
        var file = Read(LinearModel.Write(1, sizes.ColumnsPerPacket, new float[sizes.ColumnsPerPacket * 2]));

        Assert.Contains("use floats", Assert.Throws<InputException>(() => file.Bind(sizes, 1)).Message);
    }

    [Fact]
    public void Read_FixedBatch_IsRefused() => Assert.Contains("dynamic batch", Assert.Throws<InputException>(
        () => Read(LinearModel.Write(1, 4, new float[8], batch: 1))).Message);

    static IModelFile Read(byte[] file) => new OnnxFormat().Read(file, "m.onnx");

    static float[] Score(IBatchScorer scorer)
    {
        var data = SessionFlows.Data();
        for (var flow = 0; flow < 40; flow++)
        {
            scorer.Add(flow, data.Packets(flow));
        }

        var scores = new float[40 * scorer.Classes];
        scorer.Score(40, scores);
        return scores;
    }

    /// <summary>Asks the first packet's time to live, by columns without names.</summary>
    static Forest Stump(int columns) => new()
    {
        Classes = 2,
        TreesPerIteration = 1,
        Transform = ScoreTransform.Sigmoid,
        ColumnNames = [.. Enumerable.Range(0, columns).Select(c => $"Column_{c}")],
        Trees =
        [
            new()
            {
                Columns = [Enumerable.Range(0, columns).First(c => schema.ColumnName(c) == "p1_ipv4_ttl_0")],
                Thresholds = [0.5],
                LeftChildren = [~0],
                RightChildren = [~1],
                LeafValues = [-1, 1],
            },
        ],
    };
}
