using ServeFlow.Features;
using ServeFlow.Models;
using ServeFlow.Models.BitSliced;
using ServeFlow.Models.SmallBatches;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// A forest compiled for bit planes and, where they pay, for batches of few flows. Immutable; shared by all workers.
/// </summary>
sealed class CompiledForest
{
    readonly FeatureSchema schema;
    readonly BitSlicedForest sliced;
    readonly PlaneTest[] planes;
    readonly AnswerLayout answers;
    readonly SmallBatchForest? small;

    CompiledForest(FeatureSchema schema, Forest forest, ScoringEngine engine, JointTree? joint, SumPlan? plan,
        Func<Predicate, PlaneTest> test)
    {
        this.schema = schema;
        var predicates = Predicate.List(forest);
        answers = new(schema, [.. predicates.Select(test)]);
        var places = predicates.Zip(answers.Places).ToDictionary(pair => pair.First, pair => pair.Second);
        if (joint is not null)
        {
            sliced = BitSlicedCompiler.Compile(forest, joint, engine);
            small = SmallBatchCompiler.Compile(forest, joint, places, engine);
        }
        else
        {
            sliced = BitSlicedCompiler.Compile(plan!, engine);
            small = SmallBatchCompiler.Compile(plan!, places, engine);
        }

        planes = [.. sliced.Predicates.Select(test)];
        SmallFlows = small is null
            ? 0
            : KernelCosts.FromEngine(engine).LargestSmallBatch(small, predicates.Count, answers.Packets.Length);
    }

    /// <summary>Gets the most flows of a batch that are scored one by one; 0 where even a single flow takes less time
    /// on bit planes.</summary>
    public int SmallFlows { get; }

    public ScoringEngine Engine => sliced.Engine;

    public long MemoryBytes => sliced.MemoryBytes + (small?.MemoryBytes ?? 0);

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

    /// <summary>Creates a scorer for one worker.</summary>
    public IBatchScorer CreateScorer()
    {
        var large = new BitSlicedBatchScorer(schema, sliced, planes);
        return SmallFlows == 0 ? large : new ForestBatchScorer(large, small!, schema, answers, SmallFlows);
    }
}
