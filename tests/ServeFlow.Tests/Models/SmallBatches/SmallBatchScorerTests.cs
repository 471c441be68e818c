using CsCheck;
using ServeFlow.Models;
using ServeFlow.Models.BitSliced;
using ServeFlow.Models.SmallBatches;
using ServeFlow.Tests.Models.BitSliced;
using Xunit;

namespace ServeFlow.Tests.Models.SmallBatches;

public sealed class SmallBatchScorerTests
{
    const int Columns = 60;

    static readonly ScoreTransform[] transforms =
        [ScoreTransform.Softmax, ScoreTransform.SigmoidPerClass, ScoreTransform.Sigmoid];

    public static TheoryData<ScoringEngine> Engines { get; } =
        [ScoringEngine.Portable, ScoringEngine.Avx2, ScoringEngine.Avx512];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_RandomForests_EqualsTheBitSlicedInEveryBit(ScoringEngine engine) =>
        Gen.Select(Gen.Int[1, 1000000], Gen.Int[2, 12], Gen.Int[2, 12], Gen.Int[2, 300], Gen.Int[1, 70],
                Gen.Int[0, transforms.Length - 1], Gen.Bool)
            .Sample((seed, classes, rounds, leaves, flows, transform, isAverage) =>
            {
                var outputs = transforms[transform] == ScoreTransform.Sigmoid ? 2 : classes;
                var forest = RandomForests.Draw(new(seed), outputs, rounds, leaves, Columns, transforms[transform]);
                AssertEqual(engine, isAverage ? Averaged(forest) : forest, Columns, flows);
            }, iter: 40);

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_AnyNumberOfPredicates_EqualsTheBitSlicedInEveryBit(ScoringEngine engine)
    {
        // Up to twice as many predicates as columns: each size of table, and more than fit any.
        foreach (var columns in new[] { 60, 120, 250, 500, 1000, 2000, 5000 })
        {
            var forest = RandomForests.Draw(new(3), classes: 3, rounds: 80, leaves: 31, columns);

            AssertEqual(engine, forest, columns, flows: 9);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_TreesOfAllSizes_EqualsTheBitSlicedInEveryBit(ScoringEngine engine)
    {
        int[] leaves = [2, 300, 31, 256, 3, 64, 257, 90, 5, 32];
        foreach (var most in new[] { 256, 1000 })
        {
            var drawn = leaves.Where(count => count <= most)
                .Select((count, seed) => RandomForests.Draw(new(seed), 2, 3, count, Columns)).ToArray();
            var forest = With(drawn[0], [.. drawn.SelectMany(forest => forest.Trees)], isAverage: false);

            AssertEqual(engine, forest, Columns, flows: 6);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_AsManyLeavesAsAFormHolds_EqualsTheBitSlicedInEveryBit(ScoringEngine engine)
    {
        foreach (var leaves in new[] { 31, 32, 33, 255, 256, 257 })
        {
            AssertEqual(engine, RandomForests.Draw(new(leaves), classes: 3, rounds: 50, leaves, Columns), Columns, 9);
        }

        // A chain to the left reaches its last leaf by its first branch alone, one to the right by all of them.
        foreach (var (leaves, toTheLeft) in new[] { (32, true), (32, false), (256, true), (256, false) })
        {
            var chain = RandomForests.Chain(leaves - 1, toTheLeft, Columns);
            AssertEqual(engine, With(chain, [.. chain.Trees, .. chain.Trees], false), Columns, flows: 50);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_AnyBatchSize_EqualsTheBitSlicedInEveryBit(ScoringEngine engine)
    {
        var forest = RandomForests.Draw(new(4), classes: 5, rounds: 4, leaves: 31, Columns);
        for (var flows = 1; flows <= 130; flows++)
        {
            AssertEqual(engine, forest, Columns, flows);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_OneTreeForAllClasses_EqualsTheBitSlicedInEveryBit(ScoringEngine engine) =>
        AssertEqual(engine, RandomForests.DrawDecisionTree(new(6), classes: 5, leaves: 700, Columns), Columns, 70);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Score_TreeThatIsOneLongChain_EqualsTheBitSlicedInEveryBit(bool toTheLeft)
    {
        var chain = RandomForests.Chain(50_000, toTheLeft, Columns);

        AssertEqual(ScoringEngine.Portable, chain, Columns, flows: 20);
        AssertEqual(ScoringEngine.Portable, With(chain, [.. chain.Trees, .. chain.Trees], false), Columns, flows: 20);
    }

    [Fact]
    public void Create_TreeOfMoreLeavesThanNumbers_IsNotCompiled()
    {
        var forest = RandomForests.Chain(70_000, true, Columns);

        Assert.Null(SmallBatchCompiler.Compile(SumPlan.Create(forest, 5), Places(forest), ScoringEngine.Portable));
    }

    [Fact]
    public void Score_TreesWithoutBranches_EqualsTheBitSlicedInEveryBit()
    {
        var leaf =
            new Tree { Columns = [], Thresholds = [], LeftChildren = [], RightChildren = [], LeafValues = [0.2] };
        var drawn = RandomForests.Draw(new(6), classes: 2, rounds: 1, leaves: 9, Columns);

        AssertEqual(ScoringEngine.Avx2, With(drawn, [leaf, leaf, leaf, leaf], false), Columns, flows: 5);
        AssertEqual(ScoringEngine.Avx2, With(drawn, [leaf, drawn.Trees[0], leaf, leaf], false), Columns, flows: 5);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Score_Warm_AllocatesNothing(ScoringEngine engine)
    {
        var forest = RandomForests.Draw(new(2), 5, 10, 31, Columns);
        var scorer = CreateScorer(engine, forest, RandomForests.DrawRows(new(3), 70, Columns), Columns, 70);
        var probabilities = new float[70 * 5];
        scorer.Score(70, probabilities);

        Assert.Equal(0, AllocatedBytes.Min(_ => scorer.Score(70, probabilities)));
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Score_GoldenModels_EqualsTheBitSlicedInEveryBit(string name)
    {
        var forest = LightGbmText.Read(GoldenModels.Text(name), name);
        var rows = GoldenModels.Predictions(name).Select(prediction => prediction.Row).ToArray();
        var columns = forest.ColumnNames.Count;
        foreach (var engine in Engines)
        {
            AssertEqual(engine, forest, columns, [.. rows.Take(50).SelectMany(row => row)]);
        }
    }

    static void AssertEqual(ScoringEngine engine, Forest forest, int columns, int flows) =>
        AssertEqual(engine, forest, columns, RandomForests.DrawRows(new(flows), flows, columns));

    static void AssertEqual(ScoringEngine engine, Forest forest, int columns, float[] rows)
    {
        var flows = rows.Length / columns;
        var compiled = BitSlicedCompiler.Compile(forest, engine);
        var expected = new float[flows * forest.Classes];
        new BitSlicedScorer(compiled).Score(RandomForests.Planes(compiled, rows, columns), flows, expected);
        var found = new float[flows * forest.Classes];

        CreateScorer(engine, forest, rows, columns, flows).Score(flows, found);

        Assert.Equal(expected, found);
    }

    static SmallBatchScorer CreateScorer(ScoringEngine engine, Forest forest, float[] rows, int columns, int flows)
    {
        var places = Places(forest);
        var compiled = JointTree.Create(forest) is { } joint
            ? SmallBatchCompiler.Compile(forest, joint, places, engine)
            : SmallBatchCompiler.Compile(SumPlan.Create(forest, BitSlicedForest.CodeBits(engine)), places, engine)!;
        var scorer = new SmallBatchScorer(compiled, flows);
        for (var flow = 0; flow < flows; flow++)
        {
            foreach (var (predicate, place) in places)
            {
                var answer = predicate.GoesRight(rows[(flow * columns) + predicate.Column]) ? 1 : 0;
                scorer.Answers(flow)[place / 8] |= (byte)(answer << (place % 8));
            }
        }

        return scorer;
    }

    static Dictionary<Predicate, int> Places(Forest forest) =>
        Predicate.List(forest).Index().ToDictionary(predicate => predicate.Item, predicate => predicate.Index);

    static Forest Averaged(Forest forest) => With(forest, forest.Trees, isAverage: true);

    static Forest With(Forest forest, IReadOnlyList<Tree> trees, bool isAverage) => new()
    {
        Classes = forest.Classes,
        TreesPerIteration = forest.TreesPerIteration,
        Transform = forest.Transform,
        AverageOutput = isAverage,
        Trees = trees,
        ColumnNames = forest.ColumnNames,
    };
}
