using System.Text;
using ServeFlow.Service;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Dashboard.Feeds;

/// <summary>Follows the records that one page wants, and keeps the newest of them.</summary>
sealed class FlowFollower(IRunningSensor sensor) : IDisposable
{
    /// <summary>More rows than anyone reads in a second.</summary>
    const int MaxRows = 50;

    /// <summary>Where the time stands in a line: <c>{"timestamp":"2023-11-14T23:13:22.105025</c>.</summary>
    const int TimeBegins = 14;
    const int TimeEnds = TimeBegins + 26;

    readonly List<FlowRow> rows = [];
    LiveRecords? records;
    long seen;
    long skipped;

    /// <summary>Gets the newest records, newest first.</summary>
    public IReadOnlyList<FlowRow> Rows => rows;

    /// <summary>Gets how many wanted records were not shown, since they came too fast.</summary>
    public long Missed => skipped + (records?.Missed ?? 0);

    /// <summary>Begins anew with a filter; gives what is wrong with it, or null.</summary>
    public string? Follow(string filter)
    {
        End();
        rows.Clear();
        skipped = 0;
        try
        {
            records = sensor.Follow(filter);
            return null;
        }
        catch (InputException e)
        {
            return e.Message;
        }
    }

    /// <summary>Takes what has come; gives whether anything has.</summary>
    public bool Take()
    {
        if (records?.Read() is not { Count: > 0 } lines)
        {
            return false;
        }

        // Each worker's come in their order; together they are by time.
        var fresh = lines.OrderBy(TimeOf, StringComparer.Ordinal).Skip(lines.Count - MaxRows)
            .Select(line => FlowRow.Read(++seen, line)).OfType<FlowRow>();
        skipped += Math.Max(0, lines.Count - MaxRows);
        rows.InsertRange(0, fresh.Reverse());
        rows.RemoveRange(Math.Min(MaxRows, rows.Count), Math.Max(0, rows.Count - MaxRows));
        return true;
    }

    /// <summary>Finds the time of a record's line, which begins with it; all are written alike.</summary>
    static string TimeOf(ReadOnlyMemory<byte> line)
    {
        var begin = Math.Min(TimeBegins, line.Length);
        return Encoding.ASCII.GetString(line.Span[begin..Math.Min(TimeEnds, line.Length)]);
    }

    /// <summary>Follows nothing any more; what is shown stays.</summary>
    public void End()
    {
        skipped = Missed;
        records?.Dispose();
        records = null;
    }

    public void Dispose() => End();
}
