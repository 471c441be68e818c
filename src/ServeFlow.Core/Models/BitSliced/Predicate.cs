namespace ServeFlow.Models.BitSliced;

/// <summary>Holds one question that branches ask of a column; yes goes right.</summary>
/// <param name="Column">Forest column number.</param>
/// <param name="Threshold">Yes where the value is above it.</param>
/// <param name="ZeroIsMissing">A zero is not compared but goes the default way.</param>
/// <param name="DefaultLeft">Whether that way is left.</param>
public readonly record struct Predicate(int Column, double Threshold, bool ZeroIsMissing, bool DefaultLeft)
{
    public static Predicate FromNode(Tree tree, int node)
    {
        var zeroIsMissing = tree.Missing.Length > 0 && tree.Missing[node] == MissingKind.Zero;
        return new(tree.Columns[node], tree.Thresholds[node], zeroIsMissing, zeroIsMissing && tree.DefaultLeft[node]);
    }

    /// <summary>Lists the different questions of all trees.</summary>
    internal static IReadOnlyList<Predicate> List(Forest forest)
    {
        var found = new HashSet<Predicate>();
        foreach (var tree in forest.Trees)
        {
            for (var node = 0; node < tree.Columns.Length; node++)
            {
                found.Add(FromNode(tree, node));
            }
        }

        return [.. found];
    }

    /// <summary>The answer for a value that is no NaN: features never are.</summary>
    public bool GoesRight(double value) =>
        ZeroIsMissing && Math.Abs(value) <= Tree.ZeroThreshold ? !DefaultLeft : value > Threshold;
}
