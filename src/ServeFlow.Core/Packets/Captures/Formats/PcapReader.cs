using ServeFlow.Packets.Captures.Reading;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Reads the records of a pcap file; the window stands behind the file's header.</summary>
sealed unsafe class PcapReader(CaptureWindow window, PcapFormat format, DamageLog damage) : IRecordReader
{
    readonly bool bigEndian = format.BigEndian;
    readonly bool nanoseconds = format.Nanoseconds;
    readonly int headerLength = format.RecordHeaderLength;
    readonly long fractionsPerSecond = format.FractionsPerSecond;
    readonly LinkType linkType = format.LinkType;
    long number;
    long? lastNs;

    public void Fill(PacketBurst burst)
    {
        AddWhole(burst);
        while (!burst.IsFull)
        {
            var first = burst.Count == 0;
            if (!window.TryBuffer(headerLength, first))
            {
                EndOfFile(first);
                return;
            }

            var record = PcapRecord.Read(window.Available, bigEndian);
            if (record.IsPossible && window.TryBuffer(headerLength + (int)record.Captured, first))
            {
                Add(burst, record);
                AddWhole(burst);
            }
            else if (!first || !Resynchronise(record.IsPossible))
            {
                return;
            }
        }
    }

    /// <summary>
    /// The records that lie whole and sound in the window, which is nearly all: as fast as it goes. Stops at the first
    /// that needs more thought.
    /// </summary>
    void AddWhole(PacketBurst burst)
    {
        var start = window.Pointer;
        var (at, available) = (0, window.Available.Length);
        var (count, timestamp) = (number, lastNs);
        while (!burst.IsFull && available - at >= headerLength)
        {
            var record = PcapRecord.Read(start + at, bigEndian);
            if (record.Captured > available - at - headerLength || !record.IsPossible ||
                record.Fraction >= fractionsPerSecond)
            {
                break;
            }

            timestamp = record.TimestampNs(nanoseconds);
            burst.Add(new(start + at + headerLength, (int)record.Captured,
                CaptureLimits.OriginalLength(record.Captured, record.Original), timestamp.Value, linkType, 0, ++count));
            at += headerLength + (int)record.Captured;
        }

        window.Advance(at);
        (number, lastNs) = (count, timestamp);
    }

    void Add(PacketBurst burst, in PcapRecord record)
    {
        if (record.Fraction >= fractionsPerSecond)
        {
            damage.Add(window.Offset, DamageReason.OddTimestamp, window.Offset);
        }

        var timestamp = record.TimestampNs(nanoseconds);
        burst.Add(new(window.Pointer + headerLength, (int)record.Captured,
            CaptureLimits.OriginalLength(record.Captured, record.Original), timestamp, linkType, 0, ++number));
        lastNs = timestamp;
        window.Advance(headerLength + (int)record.Captured);
    }

    void EndOfFile(bool first)
    {
        if (first && !window.Available.IsEmpty)
        {
            damage.Add(window.Offset, DamageReason.TruncatedRecord);
            window.Advance(window.Available.Length);
        }
    }

    /// <summary>
    /// Moves on to the next byte where two plausible records follow each other, or the file ends exactly.
    /// </summary>
    bool Resynchronise(bool lengthWasPossible)
    {
        var damagedAt = window.Offset;
        window.Advance(1);
        while (window.TryBuffer(headerLength, mayMove: true))
        {
            if (IsRecordHere())
            {
                damage.Add(damagedAt, DamageReason.AbsurdLength, window.Offset);
                return true;
            }

            window.Advance(1);
        }

        damage.Add(damagedAt, lengthWasPossible ? DamageReason.TruncatedRecord : DamageReason.AbsurdLength);
        window.Advance(window.Available.Length);
        return false;
    }

    bool IsRecordHere()
    {
        var record = PcapRecord.Read(window.Available, bigEndian);
        if (!record.IsPlausible(format) || !IsNear(record, lastNs, CaptureLimits.MaxGapOverDamageNs))
        {
            return false;
        }

        var length = headerLength + (int)record.Captured;
        if (window.TryBuffer(length + headerLength, mayMove: true))
        {
            var next = PcapRecord.Read(window.Available[length..], bigEndian);
            return next.IsPlausible(format) &&
                   IsNear(next, record.TimestampNs(nanoseconds), CaptureLimits.MaxGapOfProofNs);
        }

        return window.Available.Length == length;
    }

    bool IsNear(in PcapRecord record, long? timestampNs, long gapNs) =>
        timestampNs is not { } near || Math.Abs(record.TimestampNs(nanoseconds) - near) <= gapNs;
}
