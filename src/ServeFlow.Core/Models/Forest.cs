using System.Globalization;

namespace ServeFlow.Models;

/// <summary>Tells how a forest's sums become probabilities.</summary>
public enum ScoreTransform
{
    /// <summary>The averaged or summed leaf values are probabilities already.</summary>
    None,

    /// <summary>Softmax over the classes.</summary>
    Softmax,

    /// <summary>A sigmoid for each class (LightGBM's multiclassova), then normalised to sum to 1, which LightGBM
    /// leaves to its user.</summary>
    SigmoidPerClass,

    /// <summary>Two classes, one tree an iteration: sigmoid of the sum is the probability of class 1.</summary>
    Sigmoid,
}

/// <summary>
/// A validated ensemble of decision trees. Tree t adds to class <c>t % TreesPerIteration</c>.
/// Immutable; every child, column and leaf index was checked when it was built by <see cref="LightGbmText"/>.
/// </summary>
public sealed class Forest
{
    /// <summary>Column, threshold, two children, what is missing and where that goes.</summary>
    const int NodeBytes = (3 * sizeof(int)) + sizeof(double) + 2;

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

    /// <summary>
    /// Gets whether columns are known by position alone: trained on a matrix without names, LightGBM calls them
    /// <c>Column_0</c>, <c>Column_1</c>, …, XGBoost <c>f0</c>, <c>f1</c>, ….
    /// </summary>
    public bool HasPositionalNames => HasNumberedNames("Column_") || HasNumberedNames("f");

    /// <summary>Gets the number of bytes of the trees' arrays.</summary>
    internal long MemoryBytes => Trees.Sum(tree => ((long)tree.Columns.Length * NodeBytes)
        + ((long)tree.LeafValues.Length * sizeof(double)));

    public int Iterations => Trees.Count / TreesPerIteration;

    /// <summary>Numbers of the columns that some node tests, ascending; the others need never be extracted.</summary>
    public IReadOnlyList<int> UsedColumns => field ??= [.. Trees.SelectMany(tree => tree.Columns).Distinct().Order()];

    /// <summary>Gets the forest of the first iterations alone.</summary>
    public Forest Truncate(int iterations) => new()
    {
        Classes = Classes,
        TreesPerIteration = TreesPerIteration,
        Transform = Transform,
        SigmoidScale = SigmoidScale,
        AverageOutput = AverageOutput,
        Trees = [.. Trees.Take(iterations * TreesPerIteration)],
        ColumnNames = ColumnNames,
    };

    bool HasNumberedNames(string prefix)
    {
        for (var i = 0; i < ColumnNames.Count; i++)
        {
            if (ColumnNames[i] != string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}"))
            {
                return false;
            }
        }

        return true;
    }
}
