namespace ServeFlow.Models;

/// <summary>How a forest's sums become probabilities.</summary>
public enum ScoreTransform
{
    /// <summary>The averaged or summed leaf values are probabilities already.</summary>
    None,

    /// <summary>Softmax over the classes.</summary>
    Softmax,

    /// <summary>A sigmoid for each class, normalised to sum to 1 (LightGBM's multiclassova).</summary>
    SigmoidPerClass,

    /// <summary>Two classes, one tree an iteration: sigmoid of the sum is the probability of class 1.</summary>
    Sigmoid,
}

/// <summary>
/// A validated ensemble of decision trees. Tree t adds to class <c>t % TreesPerIteration</c>.
/// Immutable; every child, column and leaf index was checked when it was built.
/// </summary>
public sealed class Forest
{
    public required int Classes { get; init; }

    public required int TreesPerIteration { get; init; }

    public required ScoreTransform Transform { get; init; }

    /// <summary>LightGBM's <c>sigmoid</c> parameter of the sigmoid transforms.</summary>
    public double SigmoidScale { get; init; } = 1;

    /// <summary>Divide the sums by the number of iterations (random forests).</summary>
    public bool AverageOutput { get; init; }

    public required IReadOnlyList<Tree> Trees { get; init; }

    /// <summary>Names of the columns by number, as the model file gives them.</summary>
    public required IReadOnlyList<string> ColumnNames { get; init; }
}

/// <summary>
/// One binary tree. Node n goes left if <c>value &lt;= Thresholds[n]</c>. A child ≥ 0 is a node, a child &lt; 0 is
/// the leaf <c>~child</c>. A tree of one leaf has no nodes.
/// </summary>
public sealed class Tree
{
    public required int[] Columns { get; init; }

    public required double[] Thresholds { get; init; }

    public required int[] LeftChildren { get; init; }

    public required int[] RightChildren { get; init; }

    public required double[] LeafValues { get; init; }
}
