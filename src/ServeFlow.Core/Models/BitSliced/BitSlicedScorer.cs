namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Scores batches on a <see cref="BitSlicedForest"/>. Holds the working memory of one worker; allocates nothing
/// after its construction.
/// </summary>
public sealed class BitSlicedScorer
{
    const int BatchSize = BitSlicedForest.BatchSize;

    readonly BitSlicedForest forest;
    readonly IForestKernel kernel;
    readonly BatchTransforms transforms;
    readonly ushort[] places;
    readonly double[] scores;

    public BitSlicedScorer(BitSlicedForest forest)
    {
        this.forest = forest;
        kernel = forest.Engine switch
        {
            ScoringEngine.Avx512 => new ForestKernel<Flows512, System.Runtime.Intrinsics.Vector512<byte>>(forest),
            ScoringEngine.Avx2 => new ForestKernel<Flows256, Table256>(forest),
            _ => new ForestKernel<Flows128, Table128>(forest),
        };
        transforms = new(forest);
        places = FlowOrder.Of(kernel.Flows);
        scores = new double[forest.Outputs * BatchSize];
    }

    /// <summary>Scores one batch.</summary>
    /// <param name="planes">[predicates × <see cref="BitSlicedForest.PlaneBytes"/>]: bit f of plane p is set where
    /// flow f answers predicate p with yes. Bits from <paramref name="count"/> on may be anything.</param>
    /// <param name="probabilities">[count × classes], row-major.</param>
    public unsafe void Score(ReadOnlySpan<byte> planes, int count, Span<float> probabilities)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)BatchSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(planes.Length,
            forest.Predicates.Count * BitSlicedForest.PlaneBytes);
        fixed (byte* plane = planes)
        fixed (double* score = scores)
        {
            kernel.Score(plane, count, score);
        }

        var end = (count + kernel.Flows - 1) / kernel.Flows * kernel.Flows;
        if (forest.LeafRows.Length > 0)
        {
            CopyRows(places.AsSpan(0, count), probabilities);
        }
        else
        {
            transforms.Apply(scores, end, places.AsSpan(0, count), probabilities);
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
