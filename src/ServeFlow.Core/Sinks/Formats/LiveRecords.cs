using ServeFlow.Cascade;

namespace ServeFlow.Sinks.Formats;

/// <summary>Gives the records of a tap as lines of EVE, as they come. Owned by one reader.</summary>
public sealed class LiveRecords : IDisposable
{
    /// <summary>About a megabyte for each worker: a fifth of a second at 20,000 records a second.</summary>
    const int Capacity = 4096;

    const byte LineEnd = (byte)'\n';

    readonly MemoryStream text = new();
    readonly RecordFilter filter;
    readonly RecordTapReader reader;
    readonly EveSink eve;

    LiveRecords(RecordFilter filter, RecordTapReader reader, CascadePlan plan, SinkOptions options)
    {
        this.filter = filter;
        this.reader = reader;
        eve = new(text, plan, options);
    }

    /// <summary>Gets how many of the wanted records the reader was too slow for.</summary>
    public long Missed => reader.Missed;

    /// <summary>Begins to follow the records that a filter chooses.</summary>
    /// <exception cref="InputException">The filter is none, or there are too many readers.</exception>
    public static LiveRecords Follow(RecordTap tap, string? filter, CascadePlan plan, SinkOptions options)
    {
        var chosen = RecordFilter.Parse(filter, options.Plans?.Counted ?? plan, options.Plans);
        return new(chosen, tap.Subscribe(chosen.Matches, Capacity), plan, options);
    }

    /// <summary>
    /// Takes the records that have come since the last call, a line each without its end, oldest first of each worker.
    /// </summary>
    /// <param name="most">The most records of each worker.</param>
    public IReadOnlyList<ReadOnlyMemory<byte>> Read(int most = Capacity)
    {
        text.SetLength(0);
        if (reader.Drain(eve, most) == 0)
        {
            return [];
        }

        eve.Flush();
        var lines = new List<ReadOnlyMemory<byte>>();
        var left = text.ToArray().AsMemory();
        while (left.Span.IndexOf(LineEnd) is >= 0 and var end)
        {
            if (filter.HasWords(left.Span[..end]))
            {
                lines.Add(left[..end]);
            }

            left = left[(end + 1)..];
        }

        return lines;
    }

    public void Dispose() => reader.Dispose();
}
