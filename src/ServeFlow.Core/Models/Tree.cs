namespace ServeFlow.Models;

/// <summary>Tells which values a node sends its default way instead of comparing them.</summary>
public enum MissingKind : byte
{
    /// <summary>No value is missing; NaN counts as 0.</summary>
    None,

    /// <summary>Values within <see cref="Tree.ZeroThreshold"/> of 0 are missing, and so is NaN.</summary>
    Zero,

    /// <summary>NaN.</summary>
    NaN,
}

/// <summary>
/// Holds one binary tree. Node n goes left if <c>value &lt;= Thresholds[n]</c>. A child ≥ 0 is a node, a child &lt; 0
/// is the leaf <c>~child</c>. A tree of one leaf has no nodes.
/// </summary>
public sealed class Tree
{
    /// <summary>
    /// LightGBM's <c>kZeroThreshold</c> (include/LightGBM/meta.h): a float constant widened to double.
    /// </summary>
    public const double ZeroThreshold = 1e-35f;

    public required int[] Columns { get; init; }

    public required double[] Thresholds { get; init; }

    public required int[] LeftChildren { get; init; }

    public required int[] RightChildren { get; init; }

    public required double[] LeafValues { get; init; }

    /// <summary>Gets what each node treats as missing; empty where no node treats anything as missing.</summary>
    public MissingKind[] Missing { get; init; } = [];

    /// <summary>
    /// Gets whether a missing value goes left at each node; empty together with <see cref="Missing"/>.
    /// </summary>
    public bool[] DefaultLeft { get; init; } = [];

    /// <summary>
    /// The child of <paramref name="node"/> that <paramref name="value"/> goes to, as LightGBM decides.
    /// </summary>
    public int Child(int node, double value)
    {
        var missing = Missing.Length == 0 ? MissingKind.None : Missing[node];
        if (double.IsNaN(value) && missing != MissingKind.NaN)
        {
            value = 0;
        }

        var isMissing = missing switch
        {
            MissingKind.Zero => Math.Abs(value) <= ZeroThreshold,
            MissingKind.NaN => double.IsNaN(value),
            _ => false,
        };
        var left = isMissing ? DefaultLeft[node] : value <= Thresholds[node];
        return left ? LeftChildren[node] : RightChildren[node];
    }
}
