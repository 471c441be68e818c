using System.Runtime.Intrinsics;

namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Scores batches on a <see cref="BitSlicedForest"/>. Holds the working memory of one worker; allocates nothing
/// after its construction.
/// </summary>
public sealed class BitSlicedScorer
{
    const int BatchSize = BitSlicedForest.BatchSize;

    readonly BitSlicedForest forest;

    /// <summary>
    /// Hold the kernel for whole batches, and the one for batches that a narrower kernel takes at once.
    /// </summary>
    readonly IForestKernel wide, narrow;

    readonly BatchTransforms transforms;
    readonly ushort[] widePlaces, narrowPlaces;
    readonly double[] scores;

    public BitSlicedScorer(BitSlicedForest forest)
    {
        this.forest = forest;
        (wide, narrow) = Kernels(forest);
        transforms = new(forest.Transform, forest.Outputs, forest.SigmoidScale, BatchSize);
        (widePlaces, narrowPlaces) = (FlowOrder.Create(wide.Flows), FlowOrder.Create(narrow.Flows));
        scores = new double[forest.Outputs * BatchSize];
    }

    /// <summary>Scores one batch.</summary>
    /// <param name="planes">[predicates × <see cref="BitSlicedForest.PlaneBytes"/>]: bit f of plane p is set where
    /// flow f answers predicate p with yes. Bits from <paramref name="count"/> on may be anything.</param>
    /// <param name="probabilities">[count × classes], row-major.</param>
    public void Score(ReadOnlySpan<byte> planes, int count, Span<float> probabilities)
    {
        var places = ScoreTrees(planes, count, out var end);
        if (forest.LeafRows.Length > 0)
        {
            CopyRows(places, probabilities);
        }
        else
        {
            transforms.Apply(scores, end, places, probabilities);
        }
    }

    /// <summary>Finds the leaves that the flows of one batch reach in a forest that is one tree for all classes.
    /// </summary>
    /// <inheritdoc cref="Score"/>
    /// <param name="leaves">Receives the number of each flow's leaf.</param>
    public void FindLeaves(ReadOnlySpan<byte> planes, int count, Span<ushort> leaves)
    {
        ArgumentOutOfRangeException.ThrowIfZero(forest.LeafRows.Length);
        var places = ScoreTrees(planes, count, out _);
        for (var flow = 0; flow < places.Length; flow++)
        {
            leaves[flow] = (ushort)scores[places[flow]];
        }
    }

    /// <param name="end">Receives the end of the scores, in their order.</param>
    /// <returns>The position of each flow's scores.</returns>
    unsafe ReadOnlySpan<ushort> ScoreTrees(ReadOnlySpan<byte> planes, int count, out int end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)BatchSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(planes.Length,
            forest.Predicates.Count * BitSlicedForest.PlaneBytes);
        var isNarrow = count <= narrow.Flows;
        var (kernel, order) = isNarrow ? (narrow, narrowPlaces) : (wide, widePlaces);
        fixed (byte* plane = planes)
        fixed (double* score = scores)
        {
            kernel.Score(plane, count, score);
        }

        end = (count + kernel.Flows - 1) / kernel.Flows * kernel.Flows;
        return order.AsSpan(0, count);
    }

    static (IForestKernel Wide, IForestKernel Narrow) Kernels(BitSlicedForest forest)
    {
        switch (forest.Engine)
        {
            case ScoringEngine.Avx512:
                var widest = new ForestKernel<Flows512, Vector512<byte>>(forest);
                return (widest, widest);
            case ScoringEngine.Avx2:
                return (new ForestKernel<Flows2x256, Table256>(forest), new ForestKernel<Flows256, Table256>(forest));
            default:
                var portable = new ForestKernel<Flows128, Table128>(forest);
                return (portable, portable);
        }
    }

    /// <summary>The only score is the number of a leaf, whose probabilities are known.</summary>
    void CopyRows(ReadOnlySpan<ushort> places, Span<float> probabilities)
    {
        var classes = forest.Classes;
        for (var flow = 0; flow < places.Length; flow++)
        {
            forest.LeafRows.AsSpan((int)scores[places[flow]] * classes, classes)
                .CopyTo(probabilities[(flow * classes)..]);
        }
    }
}
