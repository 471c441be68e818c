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

        var before = GC.GetAllocatedBytesForCurrentThread();
        scorer.Score(planes, 512, probabilities);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>Random forests whose sums are no probabilities cancel out to nothing: not what trainers write.</summary>
    static readonly ScoreTransform[] transforms =
        [ScoreTransform.Softmax, ScoreTransform.SigmoidPerClass, ScoreTransform.Sigmoid];

    static void AssertEqual(Random random, int classes, int rounds, int leaves, int flows, ScoreTransform transform)
    {
        classes = transform == ScoreTransform.Sigmoid ? 2 : classes;
        var forest = RandomForests.Draw(random, classes, rounds, leaves, Columns, transform);
        var rows = RandomForests.DrawRows(random, flows, Columns);
        var compiled = BitSlicedCompiler.Compile(forest);
        var probabilities = new float[flows * classes];

        new BitSlicedScorer(compiled).Score(RandomForests.Planes(compiled, rows, Columns), flows, probabilities);

        var expected = Reference(forest, rows, flows);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], probabilities[i], Tolerance);
        }
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
