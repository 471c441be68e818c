using ServeFlow.Models.BitSliced;

namespace ServeFlow.Models.SmallBatches;

/// <summary>
/// A forest compiled for batches of few flows: registers hold trees instead of flows, and every flow has its turn.
/// Gives the probabilities of <see cref="BitSlicedForest"/> in every bit. Immutable; shared by all workers.
/// </summary>
public sealed class SmallBatchForest
{
    internal SmallBatchForest()
    {
    }

    /// <summary>Gets the engine that it is compiled for.</summary>
    public ScoringEngine Engine { get; internal init; }

    public int Classes { get; internal init; }

    /// <summary>Gets the bytes of a flow's answers: a power of two.</summary>
    public int AnswerBytes { get; internal init; }

    /// <summary>Gets the bytes of the arrays that scoring reads.</summary>
    public unsafe long MemoryBytes => (Lanes?.MemoryBytes ?? 0) + ((long)Nodes.Length * sizeof(WalkNode))
        + (Sums?.MemoryBytes ?? 0) + ((long)LeafRows.Length * sizeof(float));

    /// <summary>Gets the leaf numbers of a flow, those of padding included.</summary>
    internal int LeafPlaces { get; init; }

    internal ScoreTransform Transform { get; init; }

    internal double SigmoidScale { get; init; }

    internal int Outputs { get; init; }

    /// <summary>Gets the branches in registers of trees; null where trees are walked.</summary>
    internal LaneNodes? Lanes { get; init; }

    /// <summary>Gets the branches of trees that are walked.</summary>
    internal WalkNode[] Nodes { get; init; } = [];

    internal int[] Roots { get; init; } = [];

    /// <summary>Gets the number of branches of all trees.</summary>
    internal long Branches { get; init; }

    /// <summary>Gets the branches that a flow passes in trees that are walked, were all leaves as likely.</summary>
    internal double WalkLength { get; init; }

    /// <summary>Gets how leaf values are summed; null where the only tree's leaves have probabilities.</summary>
    internal LeafSums? Sums { get; init; }

    /// <summary>Gets [leaf × classes] probabilities where one tree stands for all classes; else empty.</summary>
    internal float[] LeafRows { get; init; } = [];

    internal ITreeKernel CreateKernel() => Lanes is null
        ? new WalkKernel(Nodes, Roots, AnswerBytes)
        : LaneKernels.Create(Lanes, Engine);
}
