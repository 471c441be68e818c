using System.Runtime.InteropServices;

namespace ServeFlow.Features;

/// <summary>
/// Transposes header records into bit planes: first the record bytes that some test needs are gathered, a row of
/// 512 flows for each, then each test reads one bit of its row for 32 flows at a time. Columns that no test names
/// are never touched. Owned by one worker; allocates nothing after its construction.
/// </summary>
public sealed partial class PlaneExtractor
{
    /// <summary>Flows in a batch.</summary>
    public const int BatchSize = 512;

    /// <summary>Bytes of a plane: a bit for each flow, flow f in bit f % 8 of byte f / 8.</summary>
    public const int PlaneBytes = BatchSize / 8;

    readonly FeatureSchema schema;
    readonly PacketRows[] packets;
    readonly byte[] rows;
    readonly float[] numbers;
    readonly BitTest[] bitTests;
    readonly NumberTest[] numberTests;
    readonly Presence[] presences;
    readonly byte[] presencePlanes;
    readonly byte[] planes;
    readonly byte[] absentRecord = new byte[HeaderRecord.RecordLength];

    public PlaneExtractor(FeatureSchema schema, IReadOnlyList<PlaneTest> tests)
    {
        this.schema = schema;
        var layout = new PlaneLayout(schema, tests);
        packets = layout.Packets();
        bitTests = layout.BitTests();
        numberTests = layout.NumberTests();
        presences = layout.Presences();
        rows = new byte[layout.RowCount * BatchSize];
        numbers = new float[layout.NumberCount * BatchSize];
        presencePlanes = new byte[presences.Length * PlaneBytes];
        planes = new byte[tests.Count * PlaneBytes];
    }

    /// <summary>[tests × <see cref="PlaneBytes"/>], as the last <see cref="Finish"/> left them.</summary>
    public ReadOnlySpan<byte> Planes => planes;

    /// <summary>Gathers one flow of the batch.</summary>
    /// <param name="flow">Its place in the batch, 0–511.</param>
    /// <param name="records">Its packets so far; columns of later ones are absent.</param>
    public void Add(int flow, ReadOnlySpan<HeaderRecord> records)
    {
        foreach (var packet in packets)
        {
            var present = packet.Number < records.Length;
            var bytes = present ? MemoryMarshal.AsBytes(records.Slice(packet.Number, 1)) : absentRecord;
            Gather(flow, packet, bytes);
            GatherNumbers(flow, packet, present, records);
            if (packet.ExistsRow >= 0)
            {
                rows[packet.ExistsRow + flow] = present ? (byte)1 : (byte)0;
            }
        }
    }

    void Gather(int flow, PacketRows packet, ReadOnlySpan<byte> bytes)
    {
        ref var row = ref MemoryMarshal.GetArrayDataReference(rows);
        foreach (var (recordByte, at) in packet.Rows)
        {
            System.Runtime.CompilerServices.Unsafe.Add(ref row, at + flow) = bytes[recordByte];
        }

        if (packet.OptionRows.Length > 0)
        {
            var hidden = schema.HiddenOptions(bytes);
            foreach (var (recordByte, at) in packet.OptionRows)
            {
                var isHidden = (hidden >> (recordByte - FirstOption)) & 1;
                rows[at + flow] = (byte)(bytes[recordByte] & ((byte)isHidden - 1));
            }
        }
    }

    const int FirstOption = HeaderRecord.TcpOffset + TcpTimestamps.OptionsOffset;

    void GatherNumbers(int flow, PacketRows packet, bool present, ReadOnlySpan<HeaderRecord> records)
    {
        foreach (var (kind, at) in packet.Numbers)
        {
            numbers[at + flow] = present
                ? FeatureSchema.PacketFeatureOf(records[packet.Number], kind)
                : FeatureSchema.Absent;
        }
    }
}

/// <summary>Which rows are filled from one packet of each flow.</summary>
/// <param name="Number">The packet, from 0.</param>
/// <param name="Rows">Byte of the record, and where its row begins.</param>
/// <param name="OptionRows">The same for TCP option bytes, whose timestamp values may be hidden.</param>
/// <param name="Numbers">Sizes and times, and where their rows of numbers begin.</param>
/// <param name="ExistsRow">Row of whether there is such a packet; −1 where nothing asks.</param>
sealed record PacketRows(int Number, (int RecordByte, int Row)[] Rows, (int RecordByte, int Row)[] OptionRows,
    (PacketFeatureKind Kind, int Row)[] Numbers, int ExistsRow);

/// <summary>
/// A test of a bit: its row, the shift that brings the bit to the top of its byte, and when it is present.
/// </summary>
readonly record struct BitTest(int Plane, int Row, int LeftShift, int Presence, uint WhenAbsent, uint WhenZero,
    uint WhenOne);

/// <summary>A test of a size or a time against a threshold.</summary>
readonly record struct NumberTest(int Plane, int Row, float Threshold);

/// <summary>Bits are present where the row's byte (a header's length) is above this.</summary>
readonly record struct Presence(int Row, byte Above);
