using System.Text;
using ServeFlow.Flows;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets.Tables;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>Reports how labels and flows were matched.</summary>
public sealed record LabelReport
{
    /// <summary>Examples that are kept of what did not match.</summary>
    internal const int MaxExamples = 5;

    /// <summary>Limits the classes that are named with their flows, the largest first.</summary>
    const int MaxClasses = 100;

    /// <summary>Limits the classes without a flow that are named.</summary>
    const int MaxMissingClasses = 10;

    /// <summary>Gets what became of the files: read, unreadable, left out.</summary>
    public CaptureAccount Files { get; init; } = new();

    public required int Captures { get; init; }

    /// <summary>Gets the captures whose bytes are those of another, which comes first.</summary>
    internal IReadOnlyList<(string Path, string First)> Copies { get; init; } = [];

    /// <summary>Gets the number of flows of copies whose label is another than in the first capture with these bytes.
    /// </summary>
    internal int CopiesLabelledDifferently { get; init; }

    /// <summary>Gets the number of captures without a single flow.</summary>
    public required int CapturesWithoutFlow { get; init; }

    /// <summary>Gets one line for each damaged capture, with byte offsets.</summary>
    public required IReadOnlyList<string> Damaged { get; init; }

    public required long Packets { get; init; }

    /// <summary>Gets the number of flows that the table made out of the captures, by the rules that serving
    /// follows.</summary>
    public required long Flows { get; init; }

    /// <summary>Gets where the packets went and what was odd about them; null where nobody looked.</summary>
    public TrafficReport? Traffic { get; init; }

    /// <summary>Gets the number of flows that carry a label and are in the data set, whole or as windows.</summary>
    public required int LabelledFlows { get; init; }

    /// <summary>Gets the unit of the data set: whole flows, or windows.</summary>
    public required FlowWindows Unit { get; init; }

    /// <summary>Gets the number of units: of labelled flows, or of their windows.</summary>
    public required int Units { get; init; }

    /// <summary>Gets the number of windows beyond the most that were wanted of a flow.</summary>
    public required long WindowsLeftOut { get; init; }

    /// <summary>Gets the number of flows of five-tuples that no label names.</summary>
    public required long UnlabelledFlows { get; init; }

    /// <summary>Further flows of a labelled five-tuple (after a timeout, a reset, a new SYN): left out.</summary>
    public required long Continuations { get; init; }

    /// <summary>Label rows; 0 where directories are the labels.</summary>
    public required int Rows { get; init; }

    public required int MatchedRows { get; init; }

    /// <summary>Gets the number of rows of captures that were read, without a flow.</summary>
    public required int RowsWithoutFlow { get; init; }

    /// <summary>Gets the number of rows among these whose five-tuple has flows, but none that begins at the row's
    /// time.</summary>
    public required int RowsAtOtherTimes { get; init; }

    /// <summary>Gets the whole or half hours by which the rows' times are off, in words; null where they are not.
    /// </summary>
    public required string? TimeShift { get; init; }

    /// <summary>Gets the number of rows whose label is empty: left out.</summary>
    public required int RowsWithoutLabel { get; init; }

    /// <summary>Gets a line for each kind of row that met no flow.</summary>
    internal IReadOnlyList<string> RowLines { get; init; } = [];

    /// <summary>Gets the number of rows of captures that were not among those read.</summary>
    public required int RowsElsewhere { get; init; }

    /// <summary>Gets the number of rows that name a flow which another row names too, with the same label.</summary>
    public required int RepeatedRows { get; init; }

    /// <summary>Gets the number of flows that rows name with different labels: left out.</summary>
    public required int Conflicts { get; init; }

    /// <summary>Gets a few of each kind, with the line of the labels file.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Labelled flows, or windows, of each class, by name.</summary>
    public required IReadOnlyList<(string Label, int Flows)> Classes { get; init; }

    /// <summary>Gets the classes that rows or directories name and that no flow has, by name.</summary>
    public IReadOnlyList<string> ClassesWithoutFlow { get; init; } = [];

    /// <summary>Returns the report as text, a line for each thing worth saying.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Unit.IsWholeFlow
            ? ""
            : $"{Units:N0} windows of {FlowWindows.FormatLength(Unit.Length!.Value)} of ");
        text.Append($"{LabelledFlows:N0} labelled flows of {Classes.Count} classes in {Captures:N0} captures ");
        text.Append($"({Packets:N0} packets)");
        Add(text, Rows, $"{Rows:N0} label rows: {MatchedRows:N0} matched");
        foreach (var line in RowLines)
        {
            text.Append($"\n  {line}");
        }

        Add(text, RepeatedRows, $"{RepeatedRows:N0} rows that repeat another row's flow");
        Add(text, Conflicts, ConflictLine(Conflicts));
        Add(text, UnlabelledFlows, $"{UnlabelledFlows:N0} flows without a label, left out");
        Add(text, Continuations, $"{Continuations:N0} further flows of labelled five-tuples, left out");
        Add(text, WindowsLeftOut, $"{WindowsLeftOut:N0} windows beyond the most of a flow, left out");
        foreach (var line in Traffic?.Lines() ?? [])
        {
            text.Append($"\n  {line}");
        }

        Add(text, CapturesWithoutFlow, $"{CapturesWithoutFlow:N0} captures without a flow");
        if (Copies is [var (path, first), ..])
        {
            text.Append($"\n  {NumberText.Count(Copies.Count, "capture")} with the bytes of another, counted "
                + "as one with it and never divided from it, such as "
                + $"{PrintableText.Escape(path)} and {PrintableText.Escape(first)}");
            Add(text, CopiesLabelledDifferently, $"{CopiesLabelledDifferently:N0} flows of these have another label "
                + "than in the copy: one of the two is wrong, keep the right one");
        }

        Add(text, Files.Unreadable, $"{Files.Unreadable:N0} captures that are unreadable");
        foreach (var line in Files.Skipped.Describe())
        {
            text.Append($"\n  {line}");
        }

        foreach (var line in Damaged.Take(MaxExamples))
        {
            text.Append($"\n  damaged: {PrintableText.Escape(line)}");
        }

        foreach (var example in Examples)
        {
            text.Append($"\n  e.g. {PrintableText.Escape(example)}");
        }

        foreach (var line in DescribeLookAlikes(Classes))
        {
            text.Append($"\n  {line}");
        }

        Add(text, ClassesWithoutFlow.Count, $"{ClassesWithoutFlow.Count:N0} classes without a flow, left out: "
            + NameList.Format([.. ClassesWithoutFlow.Select(PrintableText.Escape)], MaxMissingClasses));
        var classes = Classes.OrderByDescending(c => c.Flows)
            .Select(c => $"{PrintableText.Escape(c.Label)} {c.Flows:N0}");
        text.Append($"\n  {NameList.Format([.. classes], MaxClasses)}");
        return text.ToString();
    }

    /// <summary>
    /// Describes each group of labels that a reader takes for one, as they differ in case, in spaces or in how accents
    /// are encoded alone. They stay different classes: somebody may mean them so.
    /// </summary>
    /// <param name="classes">The labels and the number of flows of each.</param>
    internal static IEnumerable<string> DescribeLookAlikes(IReadOnlyList<(string Label, int Flows)> classes) => classes
        .GroupBy(entry => Fold(entry.Label), StringComparer.Ordinal)
        .Where(group => group.Count() > 1)
        .Select(group => $"labels that look alike are {group.Count()} classes: "
            + string.Join(", ", group.Select(entry =>
                $"'{PrintableText.Escape(entry.Label)}'{Encoding(entry.Label, group)} {entry.Flows:N0}"))
            + "; write them alike if one is meant");

    /// <summary>Says how many flows have contradicting labels.</summary>
    internal static string ConflictLine(int flows) => $"{flows:N0} flows with contradicting labels, left out";

    /// <summary>Tells two labels apart that look the same to the eye.</summary>
    static string Encoding(string label, IEnumerable<(string Label, int Flows)> group) => group
        .Any(other => other.Label != label && DecomposedText.From(other.Label) == DecomposedText.From(label))
            ? label == DecomposedText.From(label) ? " (accents as marks of their own, NFD)" : " (NFC)"
            : "";

    static string Fold(string label) =>
        string.Join(' ', DecomposedText.From(label.ToUpperInvariant())
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static void Add(StringBuilder text, long count, string line)
    {
        if (count > 0)
        {
            text.Append($"\n  {line}");
        }
    }
}
