using CsCheck;
using ServeFlow.Features;

namespace ServeFlow.Tests.Features;

/// <summary>Header records drawn at random: any bytes, any lengths, TCP options with and without timestamps.</summary>
static class Records
{
    static readonly Gen<byte[]> TimestampOption =
        Gen.Byte.Array[8].Select(values => (byte[])[8, 10, .. values]);

    static readonly Gen<byte[]> Option = Gen.OneOf(
        Gen.Const(new byte[] { 1 }),
        Gen.Const(new byte[] { 4, 2 }),
        Gen.Byte.Array[2].Select(value => (byte[])[2, 4, .. value]),
        TimestampOption,
        Gen.Byte.Array[0, 6]);

    static readonly Gen<byte[]> Options = Gen.OneOf(
        Option.Array[0, 8].Select(options => options.SelectMany(option => option).Take(40).ToArray()),
        Gen.Byte.Array[8].Select(values => (byte[])[1, 1, 8, 10, .. values]));

    public static readonly Gen<HeaderRecord> Any =
        from bits in Gen.Byte.Array[HeaderRecord.BitsLength]
        from options in Options
        from lengths in Gen.Int[0, 60].Array[5]
        from backward in Gen.Bool
        from size in Gen.UShort
        from gap in Gen.UInt
        select Build(bits, options, lengths, backward, size, gap);

    /// <summary>The same as a recorder leaves them: nothing stands behind what was captured of a header.</summary>
    public static readonly Gen<HeaderRecord> Recorded = Any.Select(record =>
    {
        Clear(ref record, HeaderRecord.Ipv4Offset + record.Ipv4Length, HeaderRecord.Ipv6Offset);
        Clear(ref record, HeaderRecord.Ipv6Offset + record.Ipv6Length, HeaderRecord.TcpOffset);
        Clear(ref record, HeaderRecord.TcpOffset + record.TcpLength, HeaderRecord.UdpOffset);
        Clear(ref record, HeaderRecord.UdpOffset + record.UdpLength, HeaderRecord.IcmpOffset);
        Clear(ref record, HeaderRecord.IcmpOffset + record.IcmpLength, HeaderRecord.BitsLength);
        return record;
    });

    static void Clear(ref HeaderRecord record, int from, int to) => ((Span<byte>)record.Bits)[from..to].Clear();

    static HeaderRecord Build(byte[] bits, byte[] options, int[] lengths, bool backward, ushort size, uint gap)
    {
        var record = new HeaderRecord
        {
            Ipv4Length = (byte)lengths[0],
            Ipv6Length = (byte)Math.Min(lengths[1], 40),
            TcpLength = (byte)lengths[2],
            UdpLength = (byte)Math.Min(lengths[3], 8),
            IcmpLength = (byte)Math.Min(lengths[4], 8),
            Direction = backward ? (byte)1 : (byte)0,
            Size = size,
            InterArrivalMicroseconds = gap,
        };
        bits.CopyTo(record.Bits);
        options.CopyTo(((Span<byte>)record.Bits)[(HeaderRecord.TcpOffset + 20)..]);
        return record;
    }
}
