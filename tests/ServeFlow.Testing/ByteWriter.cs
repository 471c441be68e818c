namespace ServeFlow.Testing;

/// <summary>Collects integers in either byte order.</summary>
public sealed class ByteWriter(bool bigEndian)
{
    readonly List<byte> bytes = [];

    public ByteWriter Raw(params ReadOnlySpan<byte> value)
    {
        bytes.AddRange(value);
        return this;
    }

    public ByteWriter U16(int value) => Ordered((ulong)value, 2);

    public ByteWriter U32(long value) => Ordered((ulong)value, 4);

    public ByteWriter U64(ulong value) => Ordered(value, 8);

    public byte[] ToArray() => [.. bytes];

    ByteWriter Ordered(ulong value, int length)
    {
        for (var i = 0; i < length; i++)
        {
            var shift = 8 * (bigEndian ? length - 1 - i : i);
            bytes.Add((byte)(value >> shift));
        }

        return this;
    }
}
