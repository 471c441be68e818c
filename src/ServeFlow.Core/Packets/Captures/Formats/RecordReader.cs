using ServeFlow.Packets.Captures.Reading;
using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Reads a row of records; the window stands behind the file's header.</summary>
/// <typeparam name="TLayout">The format of the records.</typeparam>
sealed unsafe class RecordReader<TLayout>(CaptureWindow window, TLayout layout, DamageLog damage,
    Tally<SkippedBlock> skipped) : IRecordReader
    where TLayout : struct, IRecordLayout
{
    readonly TLayout layout = layout;
    readonly int headerLength = layout.HeaderLength;
    RecordCursor cursor;
    readonly DamageSearch search = new(window, damage);
    BytePattern pattern = new();

    public bool Fill(PacketBurst burst)
    {
        if (search.IsRunning)
        {
            return Search();
        }

        var from = window.Offset;
        layout.AddWhole(window, burst, ref cursor);
        while (!burst.IsFull && window.Offset - from < DamageSearch.Slice)
        {
            var first = burst.Count == 0;
            if (!window.TryBuffer(headerLength, first))
            {
                return !first || EndOfFile();
            }

            var isPossible = layout.TryReadHeader(window.Available, out var header);
            if (isPossible && window.TryBuffer(header.Length, first))
            {
                Add(burst, header);
                layout.AddWhole(window, burst, ref cursor);
            }
            else
            {
                return !first || BeginSearch(isPossible);
            }
        }

        return true;
    }

    void Add(PacketBurst burst, in RecordHeader header)
    {
        if (layout.TryReadPacket(window.Available[..header.Length], out var packet))
        {
            if (header.IsTimeOdd)
            {
                damage.AddOddity(window.Offset, DamageReason.OddTimestamp);
            }

            burst.Add(new(window.Pointer + packet.DataAt, packet.Captured, packet.Original, header.TimestampNs,
                packet.LinkType, packet.Interface, ++cursor.Number));
            cursor.LastNs = packet.Captured == 0 ? cursor.LastNs : header.TimestampNs;
        }
        else
        {
            skipped.Count(SkippedBlock.Metadata);
        }

        window.Advance(header.Length);
    }

    bool EndOfFile()
    {
        if (!window.Available.IsEmpty)
        {
            damage.Add(window.Offset, DamageReason.TruncatedRecord);
            window.Advance(window.Available.Length);
        }

        return false;
    }

    /// <summary>
    /// Begins to look for the next byte where two plausible records follow each other, or the file ends exactly.
    /// </summary>
    bool BeginSearch(bool lengthWasPossible)
    {
        pattern = layout.CreatePattern(cursor.LastNs);
        search.Begin(lengthWasPossible ? DamageReason.TruncatedRecord : DamageReason.AbsurdLength);
        return Search();
    }

    /// <summary>Searches one slice; false where the capture has ended without a further record.</summary>
    bool Search()
    {
        while (window.TryBuffer(headerLength, mayMove: true))
        {
            var places = window.Available.Length - headerLength + 1;
            var at = pattern.Find(window.Available, places);
            window.Advance(at < 0 ? places : at);
            if (at >= 0 && IsRecordHere())
            {
                search.End(DamageReason.AbsurdLength);
                return true;
            }

            if (at >= 0)
            {
                window.Advance(LeadingZeros());
            }

            if (search.IsSliceOver)
            {
                return true;
            }
        }

        search.EndOfFile();
        return false;
    }

    /// <summary>A header of zeros alone is no record, so a run of them is passed at once.</summary>
    int LeadingZeros()
    {
        var available = window.Available;
        var zeros = available.IndexOfAnyExcept((byte)0);
        return Math.Max(1, (zeros < 0 ? available.Length : zeros) - headerLength + 1);
    }

    bool IsRecordHere()
    {
        if (!IsPlausible(window.Available, cursor.LastNs, CaptureLimits.MaxGapOverDamageNs, out var record))
        {
            return false;
        }

        return window.TryBuffer(record.Length + headerLength, mayMove: true)
            ? IsPlausible(window.Available[record.Length..], record.TimestampNs, CaptureLimits.MaxGapOfProofNs, out _)
            : window.Available.Length == record.Length;
    }

    bool IsPlausible(ReadOnlySpan<byte> bytes, long? nearNs, long gapNs, out RecordHeader header) =>
        layout.TryReadHeader(bytes, out header) && layout.IsPlausible(bytes, header)
        && (nearNs is not { } near || Math.Abs(header.TimestampNs - near) <= gapNs);
}
