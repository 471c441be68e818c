using ServeFlow.Flows;

namespace ServeFlow.Training.Labelling;

/// <summary>Finds the flows of a sheet that a record is about.</summary>
sealed class SheetIndex
{
    readonly LabelSheet sheet;
    readonly long toleranceNs;
    readonly ILookup<string, int> byCommunityId;
    readonly ILookup<FlowKey, int> byKey;

    /// <param name="toleranceNs">How far the times of flows and records may be apart.</param>
    public SheetIndex(LabelSheet sheet, long toleranceNs)
    {
        (this.sheet, this.toleranceNs) = (sheet, toleranceNs);
        byCommunityId = sheet.Rows.Index().Where(row => row.Item.CommunityId.Length > 0)
            .ToLookup(row => row.Item.CommunityId, row => row.Index);
        byKey = sheet.Rows.Index().ToLookup(row => row.Item.Tuple.Key, row => row.Index);
    }

    /// <summary>
    /// Finds the flows that were open while the record's was, and whether each began with it. Where times are too
    /// coarse to overlap, it is the flow that began nearest. A record without a time means the only flow of its
    /// five-tuple.
    /// </summary>
    public IReadOnlyList<(int Row, bool BeginsWithIt)> Find(in ToolRecord record)
    {
        int[] rows = [.. Candidates(record)];
        if (record.FirstNs is not { } first)
        {
            return rows.Length == 1 ? [(rows[0], true)] : [];
        }

        var last = record.LastNs ?? first;
        (int Row, bool BeginsWithIt)[] open =
        [
            .. rows.Where(row => Begin(row) <= last && End(row) >= first)
                .Select(row => (row, Math.Abs(Begin(row) - first) <= toleranceNs)),
        ];
        return open.Length > 0
            ? open
            : [.. rows.Where(row => Math.Abs(Begin(row) - first) <= toleranceNs)
                .OrderBy(row => Math.Abs(Begin(row) - first)).Take(1).Select(row => (row, true))];
    }

    /// <summary>A Community ID of another seed meets none, and the five-tuple finds the flow.</summary>
    IEnumerable<int> Candidates(in ToolRecord record)
    {
        if (record.CommunityId.Length > 0 && byCommunityId.Contains(record.CommunityId))
        {
            return byCommunityId[record.CommunityId];
        }

        return record.Tuple is { } tuple
            ? byKey[tuple.Key].Where(row => tuple.Icmp is not { } kind || sheet.Rows[row].Tuple.Icmp is not { } other
                || kind == other || (kind.Type == other.Code && kind.Code == other.Type))
            : [];
    }

    /// <summary>A row without a time may be of any.</summary>
    long Begin(int row) => sheet.Rows[row].FirstNs ?? long.MinValue / 2;

    long End(int row) => sheet.Rows[row].LastNs ?? sheet.Rows[row].FirstNs ?? long.MaxValue / 2;
}
