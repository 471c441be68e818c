namespace ServeFlow.Training.Labelling;

/// <summary>
/// Counts what a sheet was filled with: <c>flows = labelled + unlabelled</c>, and labelled flows by where their label
/// came from.
/// </summary>
public sealed class LabelAccount
{
    internal const int MaxExamples = 5;

    readonly IReadOnlyList<ILabelSource> sources;
    readonly int[] bySource;
    readonly Dictionary<string, int> labels = [];
    readonly List<string> examples = [];

    internal LabelAccount(IReadOnlyList<ILabelSource> sources) =>
        (this.sources, bySource) = (sources, new int[sources.Count]);

    public int Flows => Labelled + Unlabelled;

    /// <summary>Gets the number of flows that have a label now.</summary>
    public int Labelled => labels.Values.Sum();

    public int Unlabelled { get; private set; }

    /// <summary>Gets the number of flows that kept the label they had.</summary>
    public int Kept { get; private set; }

    /// <summary>Gets the number of flows that kept their label although a source has another.</summary>
    public int KeptAgainst { get; private set; }

    /// <summary>Gets the number of flows whose label was replaced by another.</summary>
    public int Replaced { get; private set; }

    /// <summary>Gets the number of contradictions between sources; the one that comes first gave the label.</summary>
    public int Contradictions { get; private set; }

    /// <summary>Gets the flows of each label, the most frequent first.</summary>
    public IReadOnlyList<(string Label, int Flows)> Labels =>
    [
        .. labels.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (entry.Key, entry.Value)),
    ];

    /// <summary>Gets each source with the flows that have their label from it.</summary>
    public IReadOnlyList<(string Name, int Flows, RecordCounts? Records)> Sources =>
        [.. sources.Zip(bySource, (source, flows) => (source.Name, flows, source.Records))];

    /// <summary>Gets the first contradictions, and what the sources could not use.</summary>
    public IReadOnlyList<string> Examples => [.. examples, .. sources.SelectMany(source => source.Notes)];

    internal void Keep(string label, bool isConfirmed)
    {
        Count(label);
        Kept++;
        KeptAgainst += isConfirmed ? 0 : 1;
    }

    /// <summary>No source knows the flow; it keeps what it has.</summary>
    internal void Leave(string label)
    {
        if (label.Length > 0)
        {
            Keep(label, isConfirmed: true);
        }
        else
        {
            Unlabelled++;
        }
    }

    internal void Set(int source, string label, bool isReplaced)
    {
        Count(label);
        bySource[source]++;
        Replaced += isReplaced ? 1 : 0;
    }

    internal void Contradict(int line, string winner, string label, string other, string found)
    {
        Contradictions++;
        if (examples.Count < MaxExamples)
        {
            examples.Add($"line {line}: '{label}' by {winner}, '{found}' by {other}");
        }
    }

    void Count(string label) => labels[label] = labels.GetValueOrDefault(label) + 1;
}
