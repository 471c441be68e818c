namespace ServeFlow.Training.Datasets;

/// <summary>
/// Finds labels that a reader takes for one: they differ in case or in spaces alone. They stay different classes, as
/// somebody may mean them so.
/// </summary>
static class LookAlikeLabels
{
    /// <summary>Describes each group of such labels in one line.</summary>
    /// <param name="classes">The labels and the number of flows of each.</param>
    public static IEnumerable<string> Describe(IReadOnlyList<(string Label, int Flows)> classes) => classes
        .GroupBy(entry => Fold(entry.Label), StringComparer.Ordinal)
        .Where(group => group.Count() > 1)
        .Select(group => $"labels that look alike are {group.Count()} classes: "
            + string.Join(", ", group.Select(entry => $"'{PrintableText.Escape(entry.Label)}' {entry.Flows:N0}"))
            + "; write them alike if one is meant");

    static string Fold(string label) =>
        string.Join(' ', label.ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
