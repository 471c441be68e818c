namespace ServeFlow.Flows;

/// <summary>
/// Flows in ascending order of a time, equal times by index. One list that is filled again and again.
/// </summary>
sealed class AgeOrder
{
    /// <summary>Bytes a flow takes in the list.</summary>
    public const int EntryBytes = 16;

    Entry[] entries = [];
    int count;
    int next;

    public long Bytes => (long)entries.Length * EntryBytes;

    /// <summary>Empties the list, with room for so many flows.</summary>
    public void Clear(int room)
    {
        (count, next) = (0, 0);
        if (entries.Length < room)
        {
            entries = new Entry[room];
        }
    }

    public void Add(long time, int flow) => entries[count++] = new(time, flow);

    public void Sort() => entries.AsSpan(0, count).Sort();

    /// <summary>Takes the first flow that is left, and the time that it was added with.</summary>
    public bool TryNext(out long time, out int flow)
    {
        var found = next < count;
        (time, flow) = found ? entries[next++] : default;
        return found;
    }

    readonly record struct Entry(long Time, int Flow) : IComparable<Entry>
    {
        public int CompareTo(Entry other) =>
            Time != other.Time ? Time.CompareTo(other.Time) : Flow.CompareTo(other.Flow);
    }
}
