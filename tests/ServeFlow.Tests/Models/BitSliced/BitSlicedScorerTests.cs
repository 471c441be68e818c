using CsCheck;
using ServeFlow.Models;
using ServeFlow.Models.BitSliced;
using Xunit;

namespace ServeFlow.Tests.Models.BitSliced;

public sealed class BitSlicedScorerTests
{
    const int Columns = 60;
    const double Tolerance = 1e-6;

    [Fact]
    public void Score_RandomForests_EqualsTheReference() =>
        Gen.Select(Gen.Int[1, 1000000], Gen.Int[2, 12], Gen.Int[1, 12], Gen.Int[2, 200], Gen.Int[1, 512],
                Gen.Int[0, transforms.Length - 1])
            .Sample((seed, classes, rounds, leaves, flows, transform) =>
                AssertEqual(new Random(seed), classes, rounds, leaves, flows, transforms[transform]),
                iter: 60);

    [Fact]
    public void Score_ManySmallTrees_DoesNotOverflow() =>
        AssertEqual(new Random(1), classes: 2, rounds: 1500, leaves: 31, flows: 64, ScoreTransform.Softmax);

    [Fact]
    public void Score_TreesWithoutBranches_GivesTheirShares()
    {
        var tree = new Tree { Columns = [], Thresholds = [], LeftChildren = [], RightChildren = [], LeafValues = [0.25] };
        var forest = new Forest
        {
            Classes = 2,
            TreesPerIteration = 2,
            Transform = ScoreTransform.None,
            Trees = [tree, tree],
            ColumnNames = [],
        };
        var probabilities = new float[2];

        new BitSlicedScorer(BitSlicedCompiler.Compile(forest)).Score([], 1, probabilities);

        Assert.Equal([0.5f, 0.5f], probabilities);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Score_TreeThatIsOneLongChain_EqualsTheReference(bool toTheLeft)
    {
        var forest = Chain(50_000, toTheLeft);
        var rows = RandomForests.DrawRows(new Random(3), 64, Columns);

        AssertEqual(forest, rows, flows: 64);
    }

    [Theory]
    [InlineData(ScoreTransform.None, 0)]
    [InlineData(ScoreTransform.SigmoidPerClass, -1e30)]
    [InlineData(ScoreTransform.Softmax, 1e30)]
    public void Score_NothingKnownOfAnyClass_IsTheSameForAll(ScoreTransform transform, double leaf)
    {
        var tree = new Tree { Columns = [], Thresholds = [], LeftChildren = [], RightChildren = [], LeafValues = [leaf] };
        var forest = new Forest
        {
            Classes = 4,
            TreesPerIteration = 4,
            Transform = transform,
            Trees = [tree, tree, tree, tree],
            ColumnNames = [],
        };
        var probabilities = new float[4];

        new BitSlicedScorer(BitSlicedCompiler.Compile(forest)).Score([], 1, probabilities);

        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f], probabilities);
    }

    [Fact]
    public void Score_Warm_AllocatesNothing()
    {
        var random = new Random(2);
        var forest = RandomForests.Draw(random, 5, 10, 31, Columns);
        var compiled = BitSlicedCompiler.Compile(forest);
        var planes = RandomForests.Planes(compiled, RandomForests.DrawRows(random, 512, Columns), Columns);
        var scorer = new BitSlicedScorer(compiled);
        var probabilities = new float[512 * 5];
        scorer.Score(planes, 512, probabilities);

        Assert.Equal(0, AllocatedBytes.Least(_ => scorer.Score(planes, 512, probabilities)));
    }

    /// <summary>Random forests whose sums are no probabilities cancel out to nothing: not what trainers write.</summary>
    static readonly ScoreTransform[] transforms =
        [ScoreTransform.Softmax, ScoreTransform.SigmoidPerClass, ScoreTransform.Sigmoid];

    static void AssertEqual(Random random, int classes, int rounds, int leaves, int flows, ScoreTransform transform)
    {
        classes = transform == ScoreTransform.Sigmoid ? 2 : classes;
        var forest = RandomForests.Draw(random, classes, rounds, leaves, Columns, transform);
        AssertEqual(forest, RandomForests.DrawRows(random, flows, Columns), flows);
    }

    static void AssertEqual(Forest forest, float[] rows, int flows)
    {
        var compiled = BitSlicedCompiler.Compile(forest);
        var probabilities = new float[flows * forest.Classes];

        new BitSlicedScorer(compiled).Score(RandomForests.Planes(compiled, rows, Columns), flows, probabilities);

        var expected = Reference(forest, rows, flows);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], probabilities[i], Tolerance);
        }
    }

    /// <summary>Every node has one leaf, all on the same side: as deep as it has nodes.</summary>
    static Forest Chain(int nodes, bool toTheLeft)
    {
        var onward = Enumerable.Range(1, nodes).Select(next => next < nodes ? next : ~nodes).ToArray();
        var leaves = Enumerable.Range(0, nodes).Select(leaf => ~leaf).ToArray();
        var tree = new Tree
        {
            Columns = [.. Enumerable.Range(0, nodes).Select(node => node % Columns)],
            Thresholds = [.. Enumerable.Range(0, nodes).Select(node => node % 3 - 0.5)],
            LeftChildren = toTheLeft ? onward : leaves,
            RightChildren = toTheLeft ? leaves : onward,
            LeafValues = [.. Enumerable.Range(0, nodes + 1).Select(leaf => leaf % 7 / 7.0)],
        };
        return new()
        {
            Classes = 2,
            TreesPerIteration = 1,
            Transform = ScoreTransform.Sigmoid,
            Trees = [tree],
            ColumnNames = [.. Enumerable.Range(0, Columns).Select(column => $"c{column}")],
        };
    }

    static float[] Reference(Forest forest, float[] rows, int flows)
    {
        var scorer = new ReferenceScorer(forest, [.. Enumerable.Range(0, Columns)]);
        var used = scorer.Columns.ToArray();
        var usedRows = Enumerable.Range(0, flows).SelectMany(flow => used.Select(c => rows[(flow * Columns) + c]));
        var probabilities = new float[flows * forest.Classes];
        scorer.Score([.. usedRows], flows, probabilities);
        return probabilities;
    }
}
