using ServeFlow.Features;
using ServeFlow.Features.Rows;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Compiles a forest for large batches at most once: when it is asked to, or in the background when that pays. Shared
/// by all workers.
/// </summary>
/// <param name="compile">Compiles the forest.</param>
/// <param name="test">Turns a predicate into a test of a column of the schema.</param>
sealed class LargeBatches(Func<BitSlicedForest> compile, Func<Predicate, PlaneTest> test)
{
    /// <summary>Specifies the number of flows of large batches that are scored one by one before compiling begins. To
    /// compile a thousand trees takes 0.2 s on a core, and these flows 0.04 s: a run of a few thousand flows is over
    /// before it would pay.</summary>
    const int FlowsBeforehand = 8192;

    readonly Lazy<LargeForest> forest = new(() =>
    {
        var sliced = compile();
        return new(sliced, [.. sliced.Predicates.Select(test)]);
    });

    int flowsSoFar;

    public bool IsCompiled => forest.IsValueCreated;

    /// <summary>Compiles the forest unless it is, and waits for that.</summary>
    public LargeForest Compile() => forest.Value;

    /// <summary>Counts flows of a large batch that was scored without. When they are many, begins to compile.</summary>
    /// <returns>Whether it is compiled.</returns>
    public bool IsCompiledAfter(int flows)
    {
        var sum = Interlocked.Add(ref flowsSoFar, flows);
        if (sum >= FlowsBeforehand && sum - flows < FlowsBeforehand)
        {
            Task.Run(Compile);
        }

        return IsCompiled;
    }

    /// <summary>Creates a scorer for one worker.</summary>
    /// <param name="rows">The rows of answers that it is to read; null for headers.</param>
    public BitSlicedBatchScorer CreateScorer(FeatureSchema schema, AnswerRows? rows)
    {
        var (sliced, tests) = Compile();
        return new(sliced, rows is null ? new(schema, tests) : new([.. tests.Select(one => rows.PlaceOf(one))]));
    }
}

/// <summary>Represents a forest that is compiled for large batches.</summary>
/// <param name="Forest">The forest.</param>
/// <param name="Tests">[plane]: the test of a column that the plane holds the answers of.</param>
sealed record LargeForest(BitSlicedForest Forest, PlaneTest[] Tests);
