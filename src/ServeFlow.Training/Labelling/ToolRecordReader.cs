using System.Globalization;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Datasets.Tables;

namespace ServeFlow.Training.Labelling;

/// <summary>Reads the records of Suricata, Zeek, nDPI and others that name flows.</summary>
sealed class ToolRecordReader
{
    readonly ITableReader table;
    readonly FlowFields fields;
    readonly List<ToolRecord> records = [];
    readonly TimeColumn begins = new();
    readonly TimeColumn ends = new();
    int unnamed;

    ToolRecordReader(ITableReader table, string path) => (this.table, fields) = (table, new(table, path));

    /// <summary>Reads the records that have a label.</summary>
    /// <param name="field">The field that is the label; null for the usual ones.</param>
    /// <param name="unnamed">How many records name a flow and have no label.</param>
    /// <param name="toleranceNs">How far their times may be off.</param>
    /// <exception cref="InputException">A record is damaged.</exception>
    public static List<ToolRecord> Read(string path, string? field, out int unnamed, out long toleranceNs)
    {
        using var file = TableFile.Open(path, "give the tool's records of flows", field);
        var reader = new ToolRecordReader(file.Reader, path);
        while (file.Reader.TryRead())
        {
            reader.ReadRecord(field);
        }

        var (first, last) = (reader.begins.Resolve(path), reader.ends.Resolve(path));
        (unnamed, toleranceNs) = (reader.unnamed, TimeColumn.ToleranceNs(first));
        return [.. reader.records.Select((record, i) => record with
        {
            FirstNs = first[i],
            LastNs = last[i] ?? record.LastNs + first[i] ?? first[i],
        })];
    }

    void ReadRecord(string? field)
    {
        var community = Find(TableField.CommunityId);
        var hasTuple = Find(TableField.Source).Length > 0 || Find(TableField.FlowId).Contains('-');
        if (!hasTuple && community.Length == 0)
        {
            return; // statistics and other events that name no flow
        }

        // Every event of a flow has its protocol; the event on its end says it once.
        if (field is null && Find(TableField.EventType) is { Length: > 0 } type && type != "flow")
        {
            return;
        }

        if (!table.TryFind(TableField.Label, out var column, out var label) || label.Length == 0
            || FieldNames.IsUnnamed(column, label))
        {
            unnamed++;
            return;
        }

        begins.Add(fields.ReadTime(TableField.FirstTime), table.Line);
        ends.Add(fields.ReadTime(TableField.LastTime), table.Line);
        records.Add(new(community, hasTuple ? fields.ReadTuple() : null, null, Duration(),
            LabelText.Check(label, $"{fields.Path}:{table.Line}", LabelFile.LabelRemedy), table.Line));
    }

    string Find(TableField field) => table.TryFind(field, out _, out var value) ? value : "";

    /// <summary>The record's duration in ns; null where it has none.</summary>
    long? Duration() => double.TryParse(Find(TableField.Duration), NumberStyles.Float, CultureInfo.InvariantCulture,
        out var seconds) && seconds is >= 0 and < 1e9 ? (long)(seconds * 1e9) : null;
}
