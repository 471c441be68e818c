namespace ServeFlow.Packets.Captures;

/// <summary>
/// A stream whose first bytes were already read: gives them once more, then the rest. Pipes cannot seek.
/// </summary>
sealed class PeekedStream(byte[] start, Stream rest) : ReadOnlyStream(rest)
{
    readonly Stream rest = rest;
    int given;

    public override int Read(Span<byte> buffer)
    {
        if (given == start.Length)
        {
            return rest.Read(buffer);
        }

        var count = Math.Min(buffer.Length, start.Length - given);
        start.AsSpan(given, count).CopyTo(buffer);
        given += count;
        return count;
    }
}
