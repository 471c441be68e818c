namespace ServeFlow.Tests.Packets.Captures;

/// <summary>Builds pcapng files, block by block.</summary>
sealed class PcapngBuilder
{
    readonly List<byte> file = [];
    bool bigEndian;

    public PcapngBuilder Section(bool big = false)
    {
        bigEndian = big;
        return Block(0x0a0d0d0a, w => w.U32(0x1a2b3c4d).U16(1).U16(0).U64(ulong.MaxValue));
    }

    /// <param name="resolution">Option if_tsresol; left out where null.</param>
    /// <param name="offsetSeconds">Option if_tsoffset; left out where 0.</param>
    public PcapngBuilder Interface(int linkType = 1, byte? resolution = null, long offsetSeconds = 0,
        int snapLength = 0) =>
        Block(1, w =>
        {
            w.U16(linkType).U16(0).U32(snapLength);
            w.U16(2).U16(4).Raw("eth0"u8);
            if (resolution is { } value)
            {
                w.U16(9).U16(1).Raw(value, 0, 0, 0);
            }

            if (offsetSeconds != 0)
            {
                w.U16(14).U16(8).U64((ulong)offsetSeconds);
            }

            w.U16(0).U16(0);
        });

    public PcapngBuilder Enhanced(int id, ulong ticks, byte[] frame, int? original = null, byte[]? options = null) =>
        Block(6, w => Padded(w.U32(id).U32((long)(ticks >> 32)).U32((uint)ticks).U32(frame.Length)
            .U32(original ?? frame.Length), frame).Raw(options ?? []));

    public PcapngBuilder Old(int id, ulong ticks, byte[] frame) =>
        Block(2, w => Padded(w.U16(id).U16(0).U32((long)(ticks >> 32)).U32((uint)ticks).U32(frame.Length)
            .U32(frame.Length), frame));

    public PcapngBuilder Simple(byte[] captured, int original) => Block(3, w => Padded(w.U32(original), captured));

    /// <summary>A block of any type; the body is filled up to a multiple of four.</summary>
    public PcapngBuilder Block(uint type, Action<ByteWriter> body)
    {
        var inner = new ByteWriter(bigEndian);
        body(inner);
        var bytes = inner.ToArray();
        var length = 12 + ((bytes.Length + 3) & ~3);
        file.AddRange(Padded(new ByteWriter(bigEndian).U32(type).U32(length), bytes).U32(length).ToArray());
        return this;
    }

    public PcapngBuilder Garbage(params ReadOnlySpan<byte> bytes)
    {
        file.AddRange(bytes);
        return this;
    }

    public byte[] ToArray() => [.. file];

    static ByteWriter Padded(ByteWriter writer, byte[] bytes) =>
        writer.Raw(bytes).Raw(new byte[-bytes.Length & 3]);
}
