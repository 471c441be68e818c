using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ServeFlow.Features;

/// <summary>
/// Writes header records as the bytes that the columns of a schema show, and reads them back: every column has the same
/// value then. What the mask hides is not written. Immutable.
/// </summary>
/// <remarks>
/// A packet is its direction (1 byte); its size (2) and the gap before it (4), little-endian, where the schema has such
/// columns; the length of each header that has columns (1); and of each of these headers the bytes that have columns,
/// as far as the header was captured.
/// </remarks>
public sealed class HeaderPacking
{
    readonly FeatureSchema schema;
    readonly bool hasSize;
    readonly bool hasGap;
    readonly PackedHeader[] headers;

    public HeaderPacking(FeatureSchema schema)
    {
        this.schema = schema;
        var numbers = Enumerable.Range(0, schema.ColumnsPerPacket)
            .Where(column => !schema.TryBit(column, out _) && !schema.IsAggregate(column))
            .Select(schema.PacketFeatureAt).ToList();
        hasSize = schema.HasAggregates || numbers.Contains(PacketFeatureKind.Size);
        hasGap = schema.HasAggregates || numbers.Contains(PacketFeatureKind.InterArrival);
        headers = [.. HeaderLayout.All.Select(layout => PackedHeader.Create(layout, schema))
            .Where(header => header.Places.Length > 0)];
        MaxBytes = 1 + (hasSize ? sizeof(ushort) : 0) + (hasGap ? sizeof(uint) : 0)
            + headers.Sum(header => 1 + header.Places.Length);
    }

    /// <summary>Gets the most bytes that a packet takes.</summary>
    public int MaxBytes { get; }

    /// <summary>Writes a packet; returns the number of bytes.</summary>
    /// <param name="target">Has room for <see cref="MaxBytes"/>.</param>
    public int Write(in HeaderRecord packet, Span<byte> target)
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<HeaderRecord>(in packet));
        var hidden = schema.HiddenOptions(bytes);
        target[0] = packet.Direction;
        var at = 1;
        if (hasSize)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[at..], packet.Size);
            at += sizeof(ushort);
        }

        if (hasGap)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target[at..], packet.InterArrivalMicroseconds);
            at += sizeof(uint);
        }

        foreach (var header in headers)
        {
            var length = bytes[header.LengthByte];
            target[at++] = length;
            foreach (var place in header.Places.AsSpan(0, header.Counts[length]))
            {
                var isHidden = (hidden >> place.Option) & 1;
                target[at++] = (byte)(bytes[place.RecordByte] & place.Bits & ((uint)isHidden - 1));
            }
        }

        return at;
    }

    /// <summary>Reads a packet; gives false where the bytes end before it does, or hold what no packet has.</summary>
    /// <param name="length">Receives the number of bytes that it took.</param>
    public bool TryRead(ReadOnlySpan<byte> source, out HeaderRecord packet, out int length)
    {
        packet = default;
        length = 1 + (hasSize ? sizeof(ushort) : 0) + (hasGap ? sizeof(uint) : 0);
        if (source.Length < length || source[0] > 1)
        {
            return false;
        }

        packet.Direction = source[0];
        packet.Size = hasSize ? BinaryPrimitives.ReadUInt16LittleEndian(source[1..]) : (ushort)0;
        packet.InterArrivalMicroseconds =
            hasGap ? BinaryPrimitives.ReadUInt32LittleEndian(source[(length - sizeof(uint))..]) : 0;
        var bytes = MemoryMarshal.AsBytes(new Span<HeaderRecord>(ref packet));
        foreach (var header in headers)
        {
            if (!header.TryRead(source[length..], bytes, out var read))
            {
                return false;
            }

            length += read;
        }

        return true;
    }

    /// <summary>Locates a byte of a record that has columns, and its bits that have.</summary>
    /// <param name="Option">Its place among the options of TCP, as <see cref="FeatureColumn"/> counts them.</param>
    readonly record struct PackedByte(byte RecordByte, byte Bits, byte Option);

    /// <summary>Lists the bytes of one header that have columns.</summary>
    /// <param name="LengthByte">Byte of the record that holds the header's captured length.</param>
    /// <param name="Counts">How many of the places there are, by the captured length.</param>
    sealed record PackedHeader(int LengthByte, PackedByte[] Places, int[] Counts)
    {
        public static PackedHeader Create(HeaderLayout layout, FeatureSchema schema)
        {
            var lengthByte = HeaderRecord.LengthsOffset + (int)layout.Kind;
            var columns = new List<FeatureColumn>();
            for (var column = 0; column < schema.ColumnsPerPacket; column++)
            {
                if (schema.TryBit(column, out var bit) && bit.LengthByte == lengthByte)
                {
                    columns.Add(bit);
                }
            }

            var bytes = columns.GroupBy(column => (column.HeaderByte, column.RecordByte, column.OptionByte))
                .OrderBy(group => group.Key.HeaderByte).ToList();
            return new(lengthByte,
                [.. bytes.Select(group => new PackedByte(group.Key.RecordByte,
                    (byte)group.Aggregate(0, (bits, column) => bits | (1 << column.Shift)), group.Key.OptionByte))],
                [.. Enumerable.Range(0, layout.MaxLength + 1)
                    .Select(length => bytes.Count(group => group.Key.HeaderByte < length))]);
        }

        public bool TryRead(ReadOnlySpan<byte> source, Span<byte> record, out int read)
        {
            read = 1;
            if (source.IsEmpty || source[0] >= Counts.Length || source.Length <= Counts[source[0]])
            {
                return false;
            }

            record[LengthByte] = source[0];
            foreach (var place in Places.AsSpan(0, Counts[source[0]]))
            {
                record[place.RecordByte] = source[read++];
            }

            return true;
        }
    }
}
