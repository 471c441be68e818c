namespace ServeFlow.Features.Rows;

/// <summary>
/// What a test asks of one packet, whatever the model: two tests that ask the same have equal questions. Questions are
/// ordered by packet, then as <see cref="AnswerRows"/> lays their answers out.
/// </summary>
/// <param name="Packet">The packet, from 0.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="First">Of a bit, its byte in the record; of a presence, the byte of the header's captured length, or
/// <see cref="AnyHeader"/>; of a number, its <see cref="PacketFeatureKind"/>; of an aggregate, its
/// <see cref="AggregateKind"/>; else the column.</param>
/// <param name="Second">Of a bit, its place in the byte, from the lowest; of a presence, the byte of the header that is
/// to be there; else the answers that a test gives to −1, 0 and 1.</param>
/// <param name="Threshold">Yes where a number is above it; 0 where no number is compared.</param>
readonly record struct RowQuestion(int Packet, QuestionKind Kind, int First, int Second, float Threshold)
    : IComparable<RowQuestion>
{
    /// <summary>Stands for the length of a header that every packet has.</summary>
    public const int AnyHeader = 0;

    /// <summary>Gets what a test of a header or of one packet asks.</summary>
    public static RowQuestion Create(FeatureSchema schema, in PlaneTest test)
    {
        var (packet, column) = Math.DivRem(test.Column, schema.ColumnsPerPacket);
        var answers = (test.WhenAbsent ? 4 : 0) | (test.WhenZero ? 2 : 0) | (test.WhenOne ? 1 : 0);
        if (TryBit(schema, column, out var bit))
        {
            return answers switch
            {
                1 => new(packet, QuestionKind.Bit, bit.RecordByte, bit.Shift, 0),
                3 => new(packet, QuestionKind.Presence, bit.LengthByte, bit.HeaderByte, 0),
                _ => new(packet, QuestionKind.Other, column, answers, 0),
            };
        }

        var threshold = FloatThreshold.RoundDown(test.Threshold);
        if (schema.IsAggregate(column))
        {
            return new(packet, QuestionKind.Aggregate, (int)schema.AggregateAt(column), 0, threshold);
        }

        return threshold < FeatureSchema.Absent
            ? new(packet, QuestionKind.Other, column, answers, threshold)
            : new(packet, QuestionKind.Number, (int)schema.PacketFeatureAt(column), 0, threshold);
    }

    /// <summary>Compares by packet, then by what is asked.</summary>
    public int CompareTo(RowQuestion other) =>
        (Packet, Kind, First, Second, Threshold).CompareTo(
            (other.Packet, other.Kind, other.First, other.Second, other.Threshold));

    /// <summary>Gets the bit behind a column; a direction counts as a bit that every packet has. False where the column
    /// is a size, a time or an aggregate.</summary>
    public static bool TryBit(FeatureSchema schema, int packetColumn, out FeatureColumn bit)
    {
        if (schema.TryBit(packetColumn, out bit))
        {
            return true;
        }

        bit = new(HeaderRecord.DirectionOffset, 0, AnyHeader, 0, FeatureColumn.NoOption);
        return schema.IsDirection(packetColumn);
    }
}

/// <summary>Names what a question asks of a packet: whether a bit is set, whether a byte of a header is there, whether
/// a size or a time is above a threshold, whether a number over all packets so far is; or something else.</summary>
enum QuestionKind : byte { Bit, Presence, Number, Aggregate, Other }
