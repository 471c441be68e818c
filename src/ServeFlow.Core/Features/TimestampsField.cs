using System.Buffers.Binary;
using System.Numerics;

namespace ServeFlow.Features;

/// <summary>TSval and TSecr of the TCP timestamps option, wherever it stands.</summary>
sealed class TimestampsField : RecordField
{
    /// <summary>Specifies the length of the two values together, in bytes.</summary>
    const int ValueBytes = 8;

    public override string Name => Timestamps;

    public override bool IsPresent(in HeaderRecord record) => Place(record) >= 0;

    public override void Copy(in HeaderRecord from, ref HeaderRecord to) =>
        BytesOf(from).Slice(Place(from), ValueBytes).CopyTo(WritableBytesOf(ref to)[Place(to)..]);

    public override void Clear(ref HeaderRecord record) =>
        WritableBytesOf(ref record).Slice(Place(record), ValueBytes).Clear();

    public override ulong Read(in HeaderRecord record) =>
        BinaryPrimitives.ReadUInt64BigEndian(BytesOf(record)[Place(record)..]);

    /// <summary>Finds the place of the values in the record's bytes; −1 where not all of them are there.</summary>
    static int Place(in HeaderRecord record)
    {
        const int options = HeaderRecord.TcpOffset + TcpTimestamps.OptionsOffset;
        var end = HeaderRecord.TcpOffset + record.TcpLength;
        if (end <= options)
        {
            return -1;
        }

        var values = TcpTimestamps.ValueMask(BytesOf(record)[options..end]);
        var place = options + BitOperations.TrailingZeroCount(values);
        return values != 0 && place + ValueBytes <= end ? place : -1;
    }
}
