using ServeFlow.Features;
using ServeFlow.Features.Rows;
using ServeFlow.Models;
using ServeFlow.Models.BitSliced;
using ServeFlow.Models.SmallBatches;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// A forest compiled for batches of few flows and for bit planes. The latter takes most of the time, and is left until
/// <see cref="Prepare"/> or until a worker has scored many large batches without. Shared by all workers.
/// </summary>
sealed class CompiledForest
{
    /// <summary>Specifies the most branches of a tree that is compiled later. Larger ones might need more slots than
    /// there are: such a model is to be refused when it is loaded.</summary>
    const int MaxBranchesLeft = SlotPool.Bytes / BitSlicedForest.PlaneBytes / 2;

    readonly FeatureSchema schema;
    readonly PlaneTest[] tests;
    readonly LargeBatches large;
    readonly AnswerLayout answers;
    readonly SmallBatchForest? small;
    readonly Lazy<ColumnTests> columns;

    CompiledForest(FeatureSchema schema, Forest forest, ScoringEngine engine, JointTree? joint, SumPlan? plan,
        Func<Predicate, PlaneTest> test)
    {
        (this.schema, Engine) = (schema, engine);
        var predicates = Predicate.List(forest);
        tests = [.. predicates.Select(test)];
        answers = new(schema, tests);
        columns = new(() => new(predicates, [.. tests.Select(one => one.Column)], answers.Places));
        var places = predicates.Zip(answers.Places).ToDictionary(pair => pair.First, pair => pair.Second);
        small = joint is not null
            ? SmallBatchCompiler.Compile(forest, joint, places, engine)
            : SmallBatchCompiler.Compile(plan!, places, engine);
        SmallFlows = small is null
            ? 0
            : KernelCosts.FromEngine(engine).LargestSmallBatch(small, predicates.Count, answers.Packets.Length);
        large = new(() => joint is not null
            ? BitSlicedCompiler.Compile(forest, joint, engine)
            : BitSlicedCompiler.Compile(plan!, engine), test);
        if (joint is not null || SmallFlows == 0 || forest.Trees.Any(tree => tree.Columns.Length > MaxBranchesLeft))
        {
            Prepare();
        }
    }

    /// <summary>Gets the most flows of a batch that are scored one by one; 0 where even a single flow takes less time
    /// on bit planes.</summary>
    public int SmallFlows { get; }

    public ScoringEngine Engine { get; }

    /// <summary>Gets the tests of all trees, each once.</summary>
    public IReadOnlyList<PlaneTest> Tests => tests;

    public long MemoryBytes => large.Compile().Forest.MemoryBytes + (small?.MemoryBytes ?? 0);

    /// <summary>Gets whether nothing is left for <see cref="Prepare"/>.</summary>
    public bool IsPrepared => large.IsCompiled;

    /// <summary>Compiles what was left for later.</summary>
    public void Prepare() => large.Compile();

    /// <summary>Compiles a forest; null where its probabilities would err by more than is allowed, or a test cannot be
    /// a plane.</summary>
    /// <param name="maxError">The largest error of a probability that is allowed.</param>
    /// <param name="engine">Any but <see cref="ScoringEngine.Reference"/>.</param>
    /// <param name="test">Turns a predicate into a test of a column of the schema; null where it is none that a plane
    /// could answer.</param>
    public static CompiledForest? Create(FeatureSchema schema, Forest forest, ScoringEngine engine, double maxError,
        Func<Predicate, PlaneTest?> test)
    {
        var joint = JointTree.Create(forest);
        var plan = joint is null ? SumPlan.Create(forest, BitSlicedForest.CodeBits(engine)) : null;
        return plan?.ErrorBound > maxError || Predicate.List(forest).Any(predicate => test(predicate) is null)
            ? null
            : new(schema, forest, engine, joint, plan, predicate => test(predicate)!.Value);
    }

    /// <summary>Creates a scorer of rows; gives null where the forest has no form for few flows.</summary>
    public IColumnScorer? CreateColumnScorer() => small is null ? null : new CompiledColumnScorer(small, columns.Value);

    /// <summary>Creates a scorer for one worker.</summary>
    /// <param name="rows">The rows of answers that it is to read; null for headers.</param>
    public IBatchScorer CreateScorer(AnswerRows? rows = null)
    {
        if (SmallFlows == 0)
        {
            return large.CreateScorer(schema, rows);
        }

        return new ForestBatchScorer(large, small!, SmallFlows, schema, rows is null ? new(schema, answers) : null,
            rows is null ? null : new(rows, tests, answers));
    }
}
