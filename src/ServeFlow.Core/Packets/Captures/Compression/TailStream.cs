namespace ServeFlow.Packets.Captures.Compression;

/// <summary>Remembers the last four bytes that went through.</summary>
sealed class TailStream(Stream inner) : ReadOnlyStream(inner)
{
    readonly Stream inner = inner;

    /// <summary>Read as a little-endian number.</summary>
    public uint Last { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        foreach (var value in buffer[Math.Max(0, count - sizeof(uint))..count])
        {
            Last = (Last >> 8) | ((uint)value << 24);
        }

        return count;
    }
}
