using System.Buffers.Binary;
using System.Text;
using ServeFlow.Packets;

namespace ServeFlow.Features;

/// <summary>
/// Writes packets as the nPrint 1.2.1 program prints them: a header line, then a row per packet, the source address
/// first. Byte for byte the program's text with <c>-4 -6 -t -u -i</c> where the schema has all headers and no mask.
/// </summary>
public sealed class NPrintWriter
{
    /// <summary>"-1," is the longest value of a column.</summary>
    const int ValueLength = 3;

    readonly Stream output;
    readonly FeatureSchema schema;
    readonly float[] row;
    readonly byte[] line;

    /// <param name="schema">Header bits only: the format has no place for direction, sizes and times.</param>
    public NPrintWriter(Stream output, FeatureSchema schema)
    {
        this.output = output;
        this.schema = schema;
        row = new float[schema.ColumnsPerPacket];
        line = new byte[AddressText.MaxLength + 1 + (ValueLength * row.Length)];
    }

    /// <summary>Gets the number of rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Gets the number of packets that nPrint prints no row for.</summary>
    public long Omitted { get; private set; }

    public void WriteHeader()
    {
        var names = Enumerable.Range(0, schema.ColumnsPerPacket).Select(schema.PacketColumnName);
        output.Write(Encoding.ASCII.GetBytes($"src_ip,{string.Join(',', names)}\n"));
    }

    public void Write(in PacketSlot packet)
    {
        if (!NPrintPacket.TryRead(packet, out var record))
        {
            Omitted++;
            return;
        }

        schema.ExtractAll([record], row);
        var at = WriteSource(record, line);
        line[at++] = (byte)',';
        foreach (var value in row)
        {
            if (value < 0)
            {
                line[at++] = (byte)'-';
            }

            line[at++] = value == 0 ? (byte)'0' : (byte)'1';
            line[at++] = (byte)',';
        }

        line[at - 1] = (byte)'\n';
        output.Write(line, 0, at);
        Rows++;
    }

    static int WriteSource(in HeaderRecord record, Span<byte> text)
    {
        ReadOnlySpan<byte> bits = record.Bits;
        if (record.Ipv6Length == 0)
        {
            var bytes = bits[(HeaderRecord.Ipv4Offset + 12)..];
            return AddressText.Write(IpAddress.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(bytes)), 4, text);
        }

        var source = bits.Slice(HeaderRecord.Ipv6Offset + 8, 16);
        return AddressText.Write(new(BinaryPrimitives.ReadUInt64BigEndian(source),
            BinaryPrimitives.ReadUInt64BigEndian(source[8..])), 6, text);
    }
}
