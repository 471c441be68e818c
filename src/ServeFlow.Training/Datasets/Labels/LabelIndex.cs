using ServeFlow.Flows;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>
/// All label rows, sorted by the captures that they name. A row's <c>pcap</c> is relative to the directory that is
/// read or, so that a part of it can be read with the same labels, to the directory of the labels file. Captures that
/// are joined are one: a row that names any of them may mean a flow that begins in another.
/// </summary>
sealed class LabelIndex
{
    readonly Dictionary<FlowKey, RowGroup>?[] byCapture;
    readonly Dictionary<FlowKey, RowGroup> withoutCapture = [];
    readonly List<RowMatch> rows = [];

    public LabelIndex(LabelTable table, string labelsPath, string readPath,
        IReadOnlyList<CapturePath> captures, bool areJoined = false)
    {
        var labels = table.Rows;
        Unlabelled = table.Unlabelled;
        ToleranceNs = table.ToleranceNs;
        byCapture = new Dictionary<FlowKey, RowGroup>?[captures.Count];
        var places = FindCaptures(labels, labelsPath, readPath, captures);
        foreach (var label in labels)
        {
            var row = new RowMatch(label, table.ToleranceNs);
            if (label.Capture is null)
            {
                Add(withoutCapture, row);
                rows.Add(row);
            }
            else if (places[label.Capture] is var place and >= 0)
            {
                Add(areJoined ? withoutCapture : byCapture[place] ??= [], row);
                rows.Add(row);
            }
            else
            {
                UnreadRows.Add(label);
            }
        }
    }

    /// <summary>Gets how far a row's first_ts may be off, in ns.</summary>
    public long ToleranceNs { get; }

    /// <summary>Gets the number of rows whose label is empty.</summary>
    public int Unlabelled { get; }

    /// <summary>Gets the rows of captures that are read, or of any.</summary>
    public IReadOnlyList<RowMatch> Rows => rows;

    /// <summary>Gets the rows of captures that are not read.</summary>
    public List<LabelRow> UnreadRows { get; } = [];

    public RowLabels ForCapture(int capture) => new(byCapture[capture] ?? [], withoutCapture);

    void Add(Dictionary<FlowKey, RowGroup> to, RowMatch row)
    {
        if (!to.TryGetValue(row.Row.Key, out var same))
        {
            to.Add(row.Row.Key, same = new(ToleranceNs));
        }

        row.Group = same;
        same.Add(row);
    }

    /// <summary>Finds the place of the capture that each name means; −1 where it is not read.</summary>
    static Dictionary<string, int> FindCaptures(IReadOnlyList<LabelRow> labels, string labelsPath, string readPath,
        IReadOnlyList<CapturePath> captures)
    {
        var byPath = new Dictionary<string, int>();
        for (var i = 0; i < captures.Count; i++)
        {
            var path = Path.GetFullPath(captures[i].Path);
            byPath.TryAdd(PrintableText.Escape(path), i); // as 'flows' writes it
            byPath[PathBytes.ToText(path)] = i;
        }

        var full = Path.GetFullPath(readPath);
        var readFrom = PathBytes.ToText(FileStatus.IsDirectory(readPath) ? full : Path.GetDirectoryName(full)!);
        var labelsFrom = Path.GetDirectoryName(Path.GetFullPath(labelsPath))!;
        return labels.Where(label => label.Capture is not null).Select(label => label.Capture!).Distinct()
            .ToDictionary(name => name, name =>
                Find(name) is var place and >= 0 ? place : Find(name.Replace('\\', '/')));

        // A name may hold a backslash; where no file has that name, it separates folders as Windows writes it.
        int Find(string name) => byPath.TryGetValue(Path.GetFullPath(name, readFrom), out var place)
            || byPath.TryGetValue(Path.GetFullPath(name, labelsFrom), out place) ? place : -1;
    }
}
