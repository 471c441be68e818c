using CsCheck;
using ServeFlow.Models;
using ServeFlow.Models.BitSliced;
using Xunit;

namespace ServeFlow.Tests.Models.BitSliced;

public sealed class BitSlicedScorerTests
{
    const int Columns = 60;
    const double Tolerance = 1e-6;

    public static TheoryData<ScoringEngine> Engines { get; } =
        [ScoringEngine.Portable, ScoringEngine.Avx2, ScoringEngine.Avx512];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_RandomForests_EqualsTheReference(ScoringEngine engine) =>
        Gen.Select(Gen.Int[1, 1000000], Gen.Int[2, 12], Gen.Int[1, 12], Gen.Int[2, 200], Gen.Int[1, 512],
                Gen.Int[0, transforms.Length - 1])
            .Sample((seed, classes, rounds, leaves, flows, transform) => AssertEqual(engine, new Random(seed), classes,
                rounds, leaves, flows, transforms[transform]), iter: 40);

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_AnyBatchSize_EqualsTheReference(ScoringEngine engine)
    {
        var forest = RandomForests.Draw(new Random(4), classes: 3, rounds: 2, leaves: 31, Columns);
        var rows = RandomForests.DrawRows(new Random(5), 512, Columns);
        var expected = Reference(forest, rows, 512);
        var compiled = BitSlicedCompiler.Compile(forest, engine);
        var planes = RandomForests.Planes(compiled, rows, Columns);
        var scorer = new BitSlicedScorer(compiled);
        for (var flows = 512; flows > 0; flows--)
        {
            var probabilities = new float[flows * 3];

            scorer.Score(planes, flows, probabilities);

            AssertNear(expected.AsSpan(0, flows * 3), probabilities);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_ManySmallTrees_DoesNotOverflow(ScoringEngine engine) =>
        AssertEqual(engine, new Random(1), classes: 2, rounds: 1500, leaves: 31, flows: 64, ScoreTransform.Softmax);

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_OneTreeForAllClasses_IsEvaluatedOnce(ScoringEngine engine)
    {
        var forest = RandomForests.DrawDecisionTree(new Random(6), classes: 5, leaves: 700, Columns);
        var rows = RandomForests.DrawRows(new Random(7), 300, Columns);

        Assert.Single(BitSlicedCompiler.Compile(forest, engine).Runs);
        AssertEqual(engine, forest, rows, flows: 300);
    }

    [Fact]
    public void Score_TreesWithoutBranches_GivesTheirShares()
    {
        var tree =
            new Tree { Columns = [], Thresholds = [], LeftChildren = [], RightChildren = [], LeafValues = [0.25] };
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
    [InlineData(ScoringEngine.Portable, true)]
    [InlineData(ScoringEngine.Avx2, false)]
    [InlineData(ScoringEngine.Avx512, true)]
    public void Score_TreeThatIsOneLongChain_EqualsTheReference(ScoringEngine engine, bool toTheLeft)
    {
        var forest = RandomForests.Chain(50_000, toTheLeft, Columns);
        var rows = RandomForests.DrawRows(new Random(3), 64, Columns);

        AssertEqual(engine, forest, rows, flows: 64);
    }

    [Theory]
    [InlineData(ScoreTransform.None, 0)]
    [InlineData(ScoreTransform.SigmoidPerClass, -1e30)]
    [InlineData(ScoreTransform.Softmax, 1e30)]
    public void Score_NothingKnownOfAnyClass_IsTheSameForAll(ScoreTransform transform, double leaf)
    {
        var tree =
            new Tree { Columns = [], Thresholds = [], LeftChildren = [], RightChildren = [], LeafValues = [leaf] };
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

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_Warm_AllocatesNothing(ScoringEngine engine)
    {
        var random = new Random(2);
        var forest = RandomForests.Draw(random, 5, 10, 31, Columns);
        var compiled = BitSlicedCompiler.Compile(forest, engine);
        var planes = RandomForests.Planes(compiled, RandomForests.DrawRows(random, 512, Columns), Columns);
        var scorer = new BitSlicedScorer(compiled);
        var probabilities = new float[512 * 5];
        scorer.Score(planes, 512, probabilities);

        Assert.Equal(0, AllocatedBytes.Min(_ => scorer.Score(planes, 512, probabilities)));
    }

    /// <summary>
    /// Random forests whose sums are no probabilities cancel out to nothing: not what trainers write.
    /// </summary>
    static readonly ScoreTransform[] transforms =
        [ScoreTransform.Softmax, ScoreTransform.SigmoidPerClass, ScoreTransform.Sigmoid];

    static void AssertEqual(ScoringEngine engine, Random random, int classes, int rounds, int leaves, int flows,
        ScoreTransform transform)
    {
        classes = transform == ScoreTransform.Sigmoid ? 2 : classes;
        var forest = RandomForests.Draw(random, classes, rounds, leaves, Columns, transform);
        AssertEqual(engine, forest, RandomForests.DrawRows(random, flows, Columns), flows);
    }

    static void AssertEqual(ScoringEngine engine, Forest forest, float[] rows, int flows)
    {
        var compiled = BitSlicedCompiler.Compile(forest, engine);
        var probabilities = new float[flows * forest.Classes];

        new BitSlicedScorer(compiled).Score(RandomForests.Planes(compiled, rows, Columns), flows, probabilities);

        // The computed bound holds, and half a float's last place for the reference.
        AssertNear(Reference(forest, rows, flows), probabilities, Math.Min(Tolerance, compiled.ErrorBound + 6e-8));
    }

    static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> found, double tolerance = Tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], tolerance);
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
