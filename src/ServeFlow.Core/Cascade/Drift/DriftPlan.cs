using ServeFlow.Features;

namespace ServeFlow.Cascade.Drift;

/// <summary>
/// Holds a baseline compiled for a cascade: which label is counted where, and which columns are looked at. Immutable.
/// </summary>
public sealed class DriftPlan
{
    readonly int[] places;
    readonly int[] columns;
    readonly float[] thresholds;

    DriftPlan(DriftBaseline baseline, int[] places, IReadOnlyList<string> tiers, FeatureSchema schema,
        int[] columns)
    {
        TierNames = tiers;
        (Baseline, this.places, Schema, this.columns) = (baseline, places, schema, columns);
        thresholds = [.. baseline.Questions.Select(question => (float)question.Threshold)];
        Layout = new(tiers.Count, baseline.Classes.Count, columns.Length);
    }

    public DriftBaseline Baseline { get; }

    public FeatureSchema Schema { get; }

    /// <summary>Gets the names of the tiers.</summary>
    public IReadOnlyList<string> TierNames { get; }

    /// <summary>Gets where a window's counts stand.</summary>
    public DriftLayout Layout { get; }

    /// <summary>Gets the columns that are looked at, ascending.</summary>
    public ReadOnlySpan<int> Columns => columns;

    /// <summary>Gets what each of <see cref="Columns"/> is compared with.</summary>
    public ReadOnlySpan<float> Thresholds => thresholds;

    /// <summary>Gets the questions about packets: whether a column is above its threshold.</summary>
    public IReadOnlyList<PlaneTest> Tests => [.. columns.Zip(thresholds, (column, threshold) => new PlaneTest(column,
        threshold, FeatureSchema.Absent > threshold, 0 > threshold, 1 > threshold))];

    /// <summary>Compiles a baseline.</summary>
    /// <param name="labels">The labels of the cascade, in their order.</param>
    /// <param name="tiers">The names of the tiers.</param>
    /// <param name="depth">The packets that the first tier waits for: questions are about these.</param>
    /// <exception cref="InputException">The baseline names a class or a column that there is not.</exception>
    public static DriftPlan Compile(DriftBaseline baseline, IReadOnlyList<string> labels,
        IReadOnlyList<string> tiers, FeatureSchema schema, int depth)
    {
        var numbers = labels.Index().ToDictionary(label => label.Item, label => label.Index);
        var places = new int[labels.Count];
        Array.Fill(places, baseline.Classes.Count);
        foreach (var (place, watched) in baseline.Classes.Index())
        {
            places[numbers.TryGetValue(watched.Label, out var label) ? label
                : throw new InputException($"'{InputException.Quote(watched.Label)}' is no label")] = place;
        }

        var sorted = baseline with
        {
            Questions = [.. baseline.Questions.OrderBy(question => Column(question, schema, depth))],
        };
        return new(sorted, places, tiers, schema,
            [.. sorted.Questions.Select(question => Column(question, schema, depth))]);
    }

    /// <summary>Gets where a label is counted: the number of a watched class, or the place behind them.</summary>
    public int Place(int label) => places[label];

    static int Column(DriftQuestion question, FeatureSchema schema, int depth) =>
        schema.TryFindColumn(question.Column, depth, out var column) ? column
            : throw new InputException($"'{InputException.Quote(question.Column)}' is no column of the first tier");
}
