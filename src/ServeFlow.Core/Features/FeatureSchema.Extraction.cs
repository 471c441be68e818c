using System.Runtime.InteropServices;

namespace ServeFlow.Features;

// Reading columns out of header records.
public sealed partial class FeatureSchema
{
    /// <summary>The value of a column whose header, option byte or packet is absent.</summary>
    public const int Absent = -1;

    /// <summary>Holds the header bits of a packet; its packet features follow them.</summary>
    readonly FeatureColumn[] columns;

    /// <summary>Sizes and the like of one packet; the aggregates follow them.</summary>
    readonly PacketFeatureKind[] packetFeatures;

    /// <summary>Numbers over all packets up to one.</summary>
    readonly AggregateKind[] aggregates;

    int FirstAggregate => columns.Length + packetFeatures.Length;

    /// <summary>Gets whether the values of TCP timestamps are read as 0.</summary>
    public bool HidesTimestamps { get; }

    /// <summary>
    /// Writes the values of <paramref name="columns"/> for one flow: bits as 0 or 1, −1 where the header, the
    /// option byte or the whole packet is absent; sizes in bytes, times in µs. Aggregates up to a packet that is absent
    /// are over those that there are. Allocates nothing.
    /// </summary>
    /// <param name="packets">The flow's packets so far; columns of later packets are absent.</param>
    /// <param name="columns">Column numbers, ascending.</param>
    /// <param name="row">Receives one value per column.</param>
    public void Extract(ReadOnlySpan<HeaderRecord> packets, ReadOnlySpan<int> columns, Span<float> row)
    {
        var done = 0;
        for (var packet = 0; packet < packets.Length && done < columns.Length; packet++)
        {
            var begin = packet * ColumnsPerPacket;
            var end = done;
            while (end < columns.Length && columns[end] < begin + ColumnsPerPacket)
            {
                end++;
            }

            ExtractPacket(packets[packet], begin, columns[done..end], row[done..end]);
            done = end;
        }

        row[done..columns.Length].Fill(Absent);
        if (HasAggregates)
        {
            ExtractAggregates(packets, columns, row);
        }
    }

    /// <summary>Writes every column of the first packets, as many as <paramref name="row"/> has room for.</summary>
    /// <param name="row">A multiple of <see cref="ColumnsPerPacket"/> values.</param>
    public void ExtractAll(ReadOnlySpan<HeaderRecord> packets, Span<float> row)
    {
        var known = Math.Min(packets.Length, row.Length / ColumnsPerPacket);
        for (var packet = 0; packet < known; packet++)
        {
            ExtractPacket(packets[packet], row.Slice(packet * ColumnsPerPacket, ColumnsPerPacket));
        }

        row[(known * ColumnsPerPacket)..].Fill(Absent);
        if (HasAggregates)
        {
            ExtractAggregates(packets, row);
        }
    }

    /// <summary>Writes the aggregates among the columns, going over the packets once.</summary>
    void ExtractAggregates(ReadOnlySpan<HeaderRecord> packets, ReadOnlySpan<int> columns, Span<float> row)
    {
        var (sums, known) = (default(FlowAggregates), 0);
        for (var i = 0; i < columns.Length; i++)
        {
            var (packet, column) = Math.DivRem(columns[i], ColumnsPerPacket);
            if (column < FirstAggregate)
            {
                continue;
            }

            for (; known <= packet && known < packets.Length; known++)
            {
                sums.Add(packets[known]);
            }

            row[i] = sums.Value(AggregateAt(column));
        }
    }

    void ExtractAggregates(ReadOnlySpan<HeaderRecord> packets, Span<float> row)
    {
        var sums = default(FlowAggregates);
        for (var packet = 0; row.Length > 0; packet++, row = row[ColumnsPerPacket..])
        {
            if (packet < packets.Length)
            {
                sums.Add(packets[packet]);
            }

            for (var column = FirstAggregate; column < ColumnsPerPacket; column++)
            {
                row[column] = sums.Value(AggregateAt(column));
            }
        }
    }

    void ExtractPacket(in HeaderRecord record, int begin, ReadOnlySpan<int> wanted, Span<float> row)
    {
        var bytes = BytesOf(record);
        var hidden = HiddenOptions(bytes);
        for (var i = 0; i < wanted.Length; i++)
        {
            var column = wanted[i] - begin;
            row[i] = column < columns.Length ? columns[column].Read(bytes, hidden)
                : column < FirstAggregate ? PacketFeatureOf(record, packetFeatures[column - columns.Length])
                : Absent; // until the packets are gone over
        }
    }

    void ExtractPacket(in HeaderRecord record, Span<float> row)
    {
        var bytes = BytesOf(record);
        var hidden = HiddenOptions(bytes);
        for (var column = 0; column < columns.Length; column++)
        {
            row[column] = columns[column].Read(bytes, hidden);
        }

        for (var i = 0; i < packetFeatures.Length; i++)
        {
            row[columns.Length + i] = PacketFeatureOf(record, packetFeatures[i]);
        }
    }

    /// <summary>Returns the TCP option bytes of a record that are read as 0, a bit each.</summary>
    /// <param name="record">The bytes of a <see cref="HeaderRecord"/>.</param>
    internal ulong HiddenOptions(ReadOnlySpan<byte> record)
    {
        var length = record[HeaderRecord.LengthsOffset + (int)HeaderKind.Tcp];
        return HidesTimestamps && length > TcpTimestamps.OptionsOffset
            ? TcpTimestamps.ValueMask(
                record[(HeaderRecord.TcpOffset + TcpTimestamps.OptionsOffset)..(HeaderRecord.TcpOffset + length)])
            : 0;
    }

    /// <summary>Gets the header bit behind a packet's column; false where the column is no header bit.</summary>
    internal bool TryBit(int packetColumn, out FeatureColumn bit)
    {
        bit = packetColumn < columns.Length ? columns[packetColumn] : default;
        return packetColumn < columns.Length;
    }

    /// <summary>Determines whether a packet's column says which side sent it.</summary>
    internal bool IsDirection(int packetColumn) => packetColumn >= columns.Length && packetColumn < FirstAggregate
        && packetFeatures[packetColumn - columns.Length] == PacketFeatureKind.Direction;

    /// <summary>Gets the packet feature behind a column that is neither header bit nor aggregate.</summary>
    internal PacketFeatureKind PacketFeatureAt(int packetColumn) => packetFeatures[packetColumn - columns.Length];

    /// <summary>Gets the aggregate behind a column that <see cref="IsAggregate"/>.</summary>
    internal AggregateKind AggregateAt(int packetColumn) => aggregates[packetColumn - FirstAggregate];

    internal static float PacketFeatureOf(in HeaderRecord record, PacketFeatureKind kind) => kind switch
    {
        PacketFeatureKind.Direction => record.Direction,
        PacketFeatureKind.Size => record.Size,
        _ => record.InterArrivalMicroseconds,
    };

    static ReadOnlySpan<byte> BytesOf(in HeaderRecord record) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<HeaderRecord>(in record));
}
