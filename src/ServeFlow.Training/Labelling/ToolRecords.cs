
using ServeFlow.Training.Datasets.Labels;

namespace ServeFlow.Training.Labelling;

/// <summary>
/// Labels flows by another tool's records. A record meets the flows of its Community ID, or else of its five-tuple,
/// that were open while it was; of several records of a flow those count that begin with it.
/// </summary>
sealed class ToolRecords : ILabelSource
{
    readonly Dictionary<int, (string? Label, bool BeginsWithIt)> found = [];
    readonly List<string> notes = [];

    ToolRecords(string path) => Name = path;

    public string Name { get; }

    public bool Contradicts => true;

    public IEnumerable<string> Notes => notes;

    public RecordCounts? Records { get; private set; }

    /// <summary>Reads a tool's records and joins them to the flows.</summary>
    /// <param name="field">The field that is the label; null for the usual ones.</param>
    /// <exception cref="InputException">The file cannot be read, or is no table of flows.</exception>
    public static ToolRecords Read(string path, LabelSheet sheet, string? field) => Read(path, sheet, [field])[0];

    /// <summary>Reads a tool's records for several fields that may be the label, JSON Lines once for all.</summary>
    /// <param name="fields">The fields that are the label; null for the usual ones.</param>
    /// <returns>The records that have each field, in their order.</returns>
    /// <exception cref="InputException">The file cannot be read, or is no table of flows.</exception>
    public static IReadOnlyList<ToolRecords> Read(string path, LabelSheet sheet, IReadOnlyList<string?> fields)
    {
        try
        {
            return [.. ToolRecordReader.Read(path, fields).Select(found =>
            {
                var source = new ToolRecords(path);
                source.Join(found.Records, new SheetIndex(sheet, Math.Max(sheet.ToleranceNs, found.ToleranceNs)),
                    found.Unnamed);
                return source;
            })];
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: the records cannot be read: {e.Message}", e);
        }
    }

    public string? Find(SheetRow flow, int row) => found.TryGetValue(row, out var answer) ? answer.Label : null;

    void Join(IReadOnlyList<ToolRecord> records, SheetIndex index, int unnamed)
    {
        var (matched, unmatched) = (0, 0);
        foreach (var record in records)
        {
            var isMatched = false;
            foreach (var (row, beginsWithIt) in index.Find(record))
            {
                isMatched = true;
                Take(row, record.Label, beginsWithIt);
            }

            matched += isMatched ? 1 : 0;
            unmatched += isMatched ? 0 : 1;
            if (!isMatched && notes.Count < LabelAccount.MaxExamples)
            {
                notes.Add($"{Name}:{record.Line}: no flow for this record");
            }
        }

        Records = new(records.Count + unnamed, unnamed, matched, unmatched, found.Values.Count(a => a.Label is null));
    }

    /// <summary>Records that contradict each other leave the flow without a label.</summary>
    void Take(int row, string label, bool beginsWithIt)
    {
        if (!found.TryGetValue(row, out var known) || (beginsWithIt && !known.BeginsWithIt))
        {
            found[row] = (label, beginsWithIt);
        }
        else if (beginsWithIt == known.BeginsWithIt && known.Label != label)
        {
            found[row] = (null, beginsWithIt);
        }
    }
}

/// <summary>Represents a record of another tool that names a flow.</summary>
/// <param name="CommunityId">Empty where the record has none.</param>
/// <param name="Tuple">The five-tuple; null where the record has none.</param>
/// <param name="FirstNs">When the flow began, or when the event was; null where the record has no time.</param>
/// <param name="LastNs">When the flow ended.</param>
readonly record struct ToolRecord(string CommunityId, FlowTuple? Tuple, long? FirstNs, long? LastNs, string Label,
    int Line);
