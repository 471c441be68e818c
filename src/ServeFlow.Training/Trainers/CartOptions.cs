namespace ServeFlow.Training.Trainers;

/// <summary>Says how a tree is grown.</summary>
sealed record CartOptions
{
    public required int MaxLeaves { get; init; }

    public required int MaxDepth { get; init; }

    /// <summary>Gets the number of flows that each side of a split must keep.</summary>
    public required int MinLeafFlows { get; init; }

    /// <summary>Splits tried at a node, drawn at random; all where 0.</summary>
    public int SampledSplits { get; init; }

    /// <summary>
    /// Columns that tell flows of a node apart, drawn at random, each with a threshold drawn at random; 0 where splits
    /// are drawn, or all are tried.
    /// </summary>
    public int SampledColumns { get; init; }

    /// <summary>
    /// Gets the number of flows, spread as the classes are at the root, that are added to every leaf: a leaf of few
    /// flows is not sure of itself.
    /// </summary>
    public double Smoothing { get; init; }
}
