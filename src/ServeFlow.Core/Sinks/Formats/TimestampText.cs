namespace ServeFlow.Sinks.Formats;

/// <summary>
/// Times as <see cref="FieldText.Timestamp"/> writes them. The text of a second is kept: the next record's is mostly
/// the same.
/// </summary>
sealed class TimestampText
{
    const long NsPerSecond = 1_000_000_000;

    /// <summary>Seconds of packets, ends and starts lie apart: enough places for some of each.</summary>
    const int CachedSeconds = 256;

    /// <summary><c>2018-03-06T02:30:22.</c></summary>
    const int SecondLength = 20;

    /// <summary>Behind the microseconds.</summary>
    static ReadOnlySpan<byte> Offset => "+0000"u8;

    readonly byte[] texts = new byte[CachedSeconds * SecondLength];
    readonly long[] seconds = new long[CachedSeconds];

    public void Write(long ns, ref TextCursor text)
    {
        if (ns < NsPerSecond)
        {
            text.Advance(FieldText.Timestamp(ns, text.Rest)); // before 1970 seconds count otherwise; 0 marks no text
            return;
        }

        var (second, part) = Math.DivRem(ns, NsPerSecond);
        var place = (int)(second % CachedSeconds);
        var kept = texts.AsSpan(place * SecondLength, SecondLength);
        if (seconds[place] != second)
        {
            Span<byte> whole = stackalloc byte[FieldText.MaxLength];
            FieldText.Timestamp(second * NsPerSecond, whole);
            whole[..SecondLength].CopyTo(kept);
            seconds[place] = second;
        }

        text.Append(kept);
        text.AppendSixDigits((int)part / 1000);
        text.Append(Offset);
    }
}
