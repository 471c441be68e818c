using System.Globalization;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Training.Datasets.Tables;

namespace ServeFlow.Training.Labelling;

/// <summary>Reads the records of Suricata, Zeek, nDPI and others that name flows.</summary>
sealed class ToolRecordReader
{
    /// <summary>Zeek's word for a protocol that it has no name for: no flow is found by it.</summary>
    const string UnknownTransport = "unknown_transport";

    readonly ITableReader table;
    readonly FlowFields fields;
    readonly IReadOnlyList<LabelField> labels;
    bool hasRecord;
    bool hasFlow;

    ToolRecordReader(ITableReader table, string path, IReadOnlyList<string?> names)
    {
        (this.table, fields) = (table, new(table, path));
        labels = [.. names.Select(name => new LabelField(name))];
    }

    /// <summary>
    /// Reads the records that have a label, for each of several fields that may be it. JSON Lines are read once for all
    /// of them; other tables, which name their columns at the start, once for each.
    /// </summary>
    /// <param name="names">The fields that are the label; null for the usual ones.</param>
    /// <returns>What was found for each field, in their order.</returns>
    /// <exception cref="InputException">A record is damaged.</exception>
    public static IReadOnlyList<FoundRecords> Read(string path, IReadOnlyList<string?> names)
    {
        using var file = TableFile.Open(path, "give the tool's records of flows", names[0]);
        if (names.Count > 1 && file.Reader is not JsonLinesTable)
        {
            return [.. names.SelectMany(name => Read(path, [name]))];
        }

        var reader = new ToolRecordReader(file.Reader, path, names);
        while (file.Reader.TryRead())
        {
            reader.ReadRecord();
        }

        reader.CheckColumns();
        return [.. reader.labels.Select(label => label.Resolve(path))];
    }

    void ReadRecord()
    {
        var community = Find(TableField.CommunityId);
        var hasTuple = Find(TableField.Source).Length > 0 || Find(TableField.FlowId).Contains('-');
        hasRecord = true;
        if (!hasTuple && community.Length == 0)
        {
            return; // statistics and other events that name no flow
        }

        hasFlow = true;
        hasTuple &= Find(TableField.Protocol) != UnknownTransport;
        RecordFlow? flow = null;
        foreach (var label in labels)
        {
            // Every event of a flow has its protocol; the event on its end says it once.
            if (label.Name is not null || Find(TableField.EventType) is not { Length: > 0 } type || type == "flow")
            {
                if (!TryFindLabel(label, out var text))
                {
                    label.Unnamed++;
                    continue;
                }

                flow ??= new(community, hasTuple ? fields.ReadTuple() : null, fields.ReadTime(TableField.FirstTime),
                    fields.ReadTime(TableField.LastTime), Duration());
                label.Add(flow.Value, LabelText.Check(text, $"{fields.Path}:{table.Line}", LabelFile.LabelRemedy),
                    table.Line);
            }
        }
    }

    /// <summary>
    /// JSON Lines mix events of all kinds; in a table a record that names no flow has columns of another kind.
    /// </summary>
    void CheckColumns()
    {
        if (hasRecord && !hasFlow && table is not JsonLinesTable)
        {
            throw new InputException($"{fields.Path}: no record names a flow, by its addresses ('src', 'dst') or a "
                + "'community_id'; give a table of flows, whole, with the line that names its columns");
        }
    }

    bool TryFindLabel(LabelField label, out string text)
    {
        var isFound = label.NormalizedName is { } name && table is JsonLinesTable json
            ? json.TryFindNamed(name, out var column, out text)
            : table.TryFind(TableField.Label, out column, out text);
        return isFound && text.Length > 0 && !FieldNames.IsUnnamed(column, text);
    }

    string Find(TableField field) => table.TryFind(field, out _, out var value) ? value : "";

    /// <summary>Returns the record's duration in ns; null where it has none.</summary>
    long? Duration() => double.TryParse(Find(TableField.Duration), NumberStyles.Float, CultureInfo.InvariantCulture,
        out var seconds) && seconds is >= 0 and < 1e9 ? (long)(seconds * 1e9) : null;

    /// <summary>Says what a record tells of its flow, whichever field is the label.</summary>
    readonly record struct RecordFlow(string CommunityId, FlowTuple? Tuple, TableTime? First, TableTime? Last,
        long? DurationNs);

    /// <summary>Gathers the records that have one field.</summary>
    sealed class LabelField(string? name)
    {
        readonly List<ToolRecord> records = [];
        readonly TimeColumn begins = new();
        readonly TimeColumn ends = new();

        public string? Name => name;

        public string? NormalizedName { get; } = name is null ? null : FieldNames.Normalize(name);

        public int Unnamed { get; set; }

        public void Add(in RecordFlow flow, string label, int line)
        {
            begins.Add(flow.First, line);
            ends.Add(flow.Last, line);
            records.Add(new(flow.CommunityId, flow.Tuple, null, flow.DurationNs, label, line));
        }

        /// <summary>Gets the records, once their times can be told.</summary>
        public FoundRecords Resolve(string path)
        {
            var (first, last) = (begins.Resolve(path), ends.Resolve(path));
            for (var i = 0; i < records.Count; i++)
            {
                records[i] = records[i] with
                {
                    FirstNs = first[i],
                    LastNs = last[i] ?? records[i].LastNs + first[i] ?? first[i],
                };
            }

            return new(records, Unnamed, TimeColumn.ToleranceNs(first));
        }
    }
}

/// <summary>Holds the records of a file that have a label.</summary>
/// <param name="Unnamed">How many records name a flow and have no label.</param>
/// <param name="ToleranceNs">How far their times may be off.</param>
readonly record struct FoundRecords(IReadOnlyList<ToolRecord> Records, int Unnamed, long ToleranceNs);
