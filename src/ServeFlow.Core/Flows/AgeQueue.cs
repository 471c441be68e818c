using System.Numerics;
using System.Runtime.InteropServices;

namespace ServeFlow.Flows;

/// <summary>
/// Flows in ascending order of a time, equal times in the order in which they were added. One list that is filled
/// again and again.
/// </summary>
sealed class AgeQueue
{
    /// <summary>Specifies the bytes that a flow takes: an entry, and one to sort it with.</summary>
    public const int EntryBytes = 2 * 12;

    const int DigitBits = 11;

    readonly int[] counts = new int[1 << DigitBits];
    Entry[] entries = [];
    Entry[] spare = [];
    int count;
    int next;
    long earliest;
    long latest;

    public long Bytes => (long)entries.Length * EntryBytes;

    /// <summary>Empties the list and makes room for <paramref name="room"/> flows.</summary>
    public void Clear(int room)
    {
        (count, next, earliest, latest) = (0, 0, long.MaxValue, long.MinValue);
        if (entries.Length < room)
        {
            (entries, spare) = (new Entry[room], new Entry[room]);
        }
    }

    /// <param name="time">Not below 0.</param>
    public void Add(long time, int flow)
    {
        entries[count++] = new(time, flow);
        earliest = Math.Min(earliest, time);
        latest = Math.Max(latest, time);
    }

    /// <summary>Digit by digit, the lowest first: a few passes over the list, however long it is.</summary>
    public void Sort()
    {
        if (count == 0)
        {
            return;
        }

        var bits = 64 - BitOperations.LeadingZeroCount((ulong)(latest - earliest));
        for (var shift = 0; shift < bits; shift += DigitBits)
        {
            SortBy(shift);
            (entries, spare) = (spare, entries);
        }
    }

    /// <summary>Takes the first flow that is left, and the time that it was added with.</summary>
    public bool TryNext(out long time, out int flow)
    {
        var found = next < count;
        (time, flow) = found ? entries[next++] : default;
        return found;
    }

    /// <summary>
    /// Gets the flow that will be taken <paramref name="places"/> after the next one; −1 beyond the end.
    /// </summary>
    public int PeekAhead(int places) => next + places < count ? entries[next + places].Flow : -1;

    void SortBy(int shift)
    {
        Array.Clear(counts);
        foreach (ref readonly var entry in entries.AsSpan(0, count))
        {
            counts[Digit(entry, shift)]++;
        }

        var place = 0;
        foreach (ref var start in counts.AsSpan())
        {
            (start, place) = (place, place + start);
        }

        foreach (ref readonly var entry in entries.AsSpan(0, count))
        {
            spare[counts[Digit(entry, shift)]++] = entry;
        }
    }

    int Digit(in Entry entry, int shift) => (int)((entry.Time - earliest) >> shift) & ((1 << DigitBits) - 1);

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    readonly record struct Entry(long Time, int Flow);
}
