using ServeFlow.Models;
using Xunit;

namespace ServeFlow.Tests.Models;

public sealed class ReferenceScorerTests
{
    const double Tolerance = 1e-6;

    public static TheoryData<string> Golden => GoldenModels.Names;

    [Theory]
    [MemberData(nameof(Golden))]
    public void Score_GoldenModel_EqualsLightGbm(string name)
    {
        var forest = LightGbmText.Read(GoldenModels.Text(name), name);
        var scorer = new ReferenceScorer(forest, [.. Enumerable.Range(0, forest.ColumnNames.Count)]);
        var found = new float[forest.Classes];
        foreach (var (row, predicted) in GoldenModels.Predictions(name))
        {
            scorer.Score(Used(scorer, row), 1, found);
            Assert.Equal(Expected(forest, predicted), found.Select(p => (double)p),
                (a, b) => Math.Abs(a - b) <= Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Score_Batch_EqualsRowAfterRow(string name)
    {
        var forest = LightGbmText.Read(GoldenModels.Text(name), name);
        var scorer = new ReferenceScorer(forest, [.. Enumerable.Range(0, forest.ColumnNames.Count)]);
        var rows = GoldenModels.Predictions(name).Select(p => Used(scorer, p.Row)).ToArray();
        var batch = new float[rows.Length * forest.Classes];
        scorer.Score(rows.SelectMany(row => row).ToArray(), rows.Length, batch);
        var one = new float[forest.Classes];
        for (var i = 0; i < rows.Length; i++)
        {
            scorer.Score(rows[i], 1, one);
            Assert.Equal(one, batch.AsSpan(i * one.Length, one.Length));
        }
    }

    [Fact]
    public void Columns_SchemaOrderDiffersFromTheModels_AreAscendingAndReadRight()
    {
        // Column 0 of the model is schema column 90, its column 2 is schema column 30, column 1 is tested nowhere.
        var forest = new Forest
        {
            Classes = 2,
            TreesPerIteration = 2,
            Transform = ScoreTransform.None,
            AverageOutput = true,
            ColumnNames = ["p", "q", "r"],
            Trees = [Stump(column: 0, 1, 0), Stump(column: 2, 0, 1)],
        };
        var scorer = new ReferenceScorer(forest, [90, -1, 30]);
        Assert.Equal([30, 90], scorer.Columns.ToArray());

        var probabilities = new float[4];
        scorer.Score([1, 0, 0, 1], 2, probabilities);
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], probabilities);
        scorer.Score([0, 0, 1, 0], 2, probabilities);
        Assert.Equal([1f, 0f, 0.5f, 0.5f], probabilities);
    }

    [Fact]
    public void Score_AllSigmoidsUnderflow_GivesAUniformAnswer()
    {
        var forest = new Forest
        {
            Classes = 2,
            TreesPerIteration = 2,
            Transform = ScoreTransform.SigmoidPerClass,
            ColumnNames = ["p"],
            Trees = [Stump(column: 0, -1e5, 0), Stump(column: 0, -1e5, 0)],
        };
        var probabilities = new float[2];
        new ReferenceScorer(forest, [0]).Score([0], 1, probabilities);
        Assert.Equal([0.5f, 0.5f], probabilities);
    }

    internal static float[] Used(IScorer scorer, float[] row) =>
        [.. scorer.Columns.ToArray().Select(column => row[column])];

    static Tree Stump(int column, double left, double right) => new()
    {
        Columns = [column],
        Thresholds = [0.5],
        LeftChildren = [~0],
        RightChildren = [~1],
        LeafValues = [left, right],
    };

    /// <summary>LightGBM gives one number for two classes, and leaves multiclassova unnormalised.</summary>
    static double[] Expected(Forest forest, double[] predicted) => forest.Transform switch
    {
        ScoreTransform.Sigmoid => [1 - predicted[0], predicted[0]],
        ScoreTransform.SigmoidPerClass => [.. predicted.Select(p => p / predicted.Sum())],
        _ => predicted,
    };
}
