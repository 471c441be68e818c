using ServeFlow.Models;
using ServeFlow.Onnx;
using ServeFlow.Onnx.Trees;
using ServeFlow.Training.Tests.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Onnx;

/// <summary>A forest written as ONNX gives in ONNX Runtime what our reference gives.</summary>
public sealed class OnnxForestTests
{
    /// <summary>ONNX Runtime adds leaf values as floats.</summary>
    const double Tolerance = 2e-6;

    public static TheoryData<string> Kinds =>
        [.. SyntheticModel.Kinds.Select(kind => kind.Name).Where(name => name != "zero_missing")];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Write_FreshlyTrainedModels_ScoreAsTheReference(string kind)
    {
        var (_, classes, parameters, nan) = SyntheticModel.Kinds.Single(k => k.Name == kind);
        for (var seed = 1; seed <= 5; seed++)
        {
            var trained = SyntheticModel.Train(classes, parameters, nan, seed);
            AssertSame(LightGbmText.Read(trained.Text, "fresh"), Flushed(trained.Rows));
        }
    }

    [Fact]
    public void Write_TreeOfOneLeaf_ScoresAsTheReference() =>
        AssertSame(TwoClasses(ScoreTransform.None, [Leaf(0.3), Leaf(0.7)], average: true), [0, 1, -1]);

    [Fact]
    public void Write_TreesOfOneSplit_ScoreAsTheReference() => AssertSame(
        TwoClasses(ScoreTransform.Softmax, [Split(-1, 2), Split(1, 0)]),
        [.. Enumerable.Range(0, 1000).Select(i => (float)(i % 2))]);

    [Fact]
    public void Write_ZeroIsMissing_IsRefused()
    {
        var tree = new Tree
        {
            Columns = [0],
            Thresholds = [0.5],
            LeftChildren = [~0],
            RightChildren = [~1],
            LeafValues = [-1, 1],
            Missing = [MissingKind.Zero],
            DefaultLeft = [true],
        };

        var error = Assert.Throws<InputException>(() =>
            OnnxForestWriter.Write(TwoClasses(ScoreTransform.Softmax, [tree, tree])));
        Assert.Contains("tree 0: node 0", error.Message);
    }

    static void AssertSame(Forest forest, float[] rows)
    {
        var (columns, count) = (forest.ColumnNames.Count, rows.Length / forest.ColumnNames.Count);
        var reference = new ReferenceScorer(forest, [.. Enumerable.Range(0, columns)]);
        var used = Enumerable.Range(0, count)
            .SelectMany(r => reference.Columns.ToArray().Select(c => rows[(r * columns) + c])).ToArray();
        var (expected, found) = (new float[count * forest.Classes], new float[count * forest.Classes]);
        reference.Score(used, count, expected);

        using var model = OnnxModel.Load(OnnxForestWriter.Write(forest), "written");
        using var batch = new OnnxBatch(model, rows, found, count);
        batch.Run();

        for (var i = 0; i < found.Length; i++)
        {
            Assert.InRange(found[i], expected[i] - Tolerance, expected[i] + Tolerance);
        }
    }

    /// <summary>LightGBM drops what is this near to zero before its trees see it; ONNX does not.</summary>
    static float[] Flushed(float[] rows) =>
        Array.ConvertAll(rows, value => Math.Abs(value) <= Tree.ZeroThreshold ? 0 : value);

    static Forest TwoClasses(ScoreTransform transform, IReadOnlyList<Tree> trees, bool average = false) => new()
    {
        Classes = 2,
        TreesPerIteration = 2,
        Transform = transform,
        AverageOutput = average,
        ColumnNames = ["a"],
        Trees = trees,
    };

    static Tree Leaf(double value) => new()
    {
        Columns = [],
        Thresholds = [],
        LeftChildren = [],
        RightChildren = [],
        LeafValues = [value],
    };

    static Tree Split(double left, double right) => new()
    {
        Columns = [0],
        Thresholds = [0.5],
        LeftChildren = [~0],
        RightChildren = [~1],
        LeafValues = [left, right],
    };
}
