using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServeFlow.Features;

/// <summary>
/// Transposes header records into bit planes. The words of the records that some test needs are gathered, 64 flows
/// at a time; a transpose of their bytes lines the flows up, and each bit that is asked for becomes a plane of one
/// bit a flow. Columns that no test names are never touched. Owned by one worker; allocates nothing after its
/// construction.
/// </summary>
public sealed partial class PlaneExtractor
{
    /// <summary>Specifies the number of flows in a batch.</summary>
    public const int BatchSize = 512;

    /// <summary>Specifies the number of bytes of a plane: a bit for each flow, flow f in bit f % 8 of byte f /
    /// 8.</summary>
    public const int PlaneBytes = BatchSize / 8;

    /// <summary>Specifies the number of flows that are transposed together.</summary>
    internal const int GroupSize = 64;

    /// <summary>Specifies the number of bytes from a word's flows to the next word's: not a power of two, so that the
    /// words of one flow lie in different sets of the cache.</summary>
    internal const int WordStride = (GroupSize * sizeof(ulong)) + 64;

    readonly FeatureSchema? schema;
    readonly PacketWords[] packets;
    readonly AggregateRow[] aggregateRows;
    readonly byte[] words;
    readonly float[] numbers;
    readonly WordReads[] reads;
    readonly BitTest[] bitTests;
    readonly NumberTest[] numberTests;
    readonly byte[] planes;
    readonly int testBytes;

    /// <summary>Holds the words that are gathered from rows of answers, of an extractor that reads rows.</summary>
    readonly int[] rowWords = [];
    int added;

    /// <summary>Creates an extractor that reads rows of answers instead of headers: each plane is one of their bits.
    /// </summary>
    /// <param name="places">[plane]: bit p % 64 of word p / 64 of a row.</param>
    public PlaneExtractor(IReadOnlyList<int> places)
    {
        const int wordBits = 8 * sizeof(ulong);
        var byWord = places.Index().OrderBy(plane => plane.Item).GroupBy(plane => plane.Item / wordBits).ToArray();
        (packets, aggregateRows, bitTests, numberTests, numbers) = ([], [], [], [], []);
        rowWords = [.. byWord.Select(word => word.Key)];
        reads = [.. byWord.Select(word => new WordReads([.. word.Select(plane => new BitRead(
            (byte)(plane.Item % wordBits / 8), (byte)(7 - (plane.Item % 8)), plane.Index * PlaneBytes))], []))];
        words = new byte[reads.Length * WordStride];
        planes = new byte[places.Count * PlaneBytes];
        testBytes = planes.Length;
    }

    public PlaneExtractor(FeatureSchema schema, IReadOnlyList<PlaneTest> tests)
    {
        this.schema = schema;
        var layout = new PlaneLayout(schema, tests);
        packets = layout.Packets();
        aggregateRows = layout.Aggregates();
        reads = layout.Reads();
        bitTests = layout.BitTests();
        numberTests = layout.NumberTests();
        words = new byte[reads.Length * WordStride];
        numbers = new float[layout.NumberCount * BatchSize];
        planes = new byte[layout.PlaneCount * PlaneBytes];
        testBytes = tests.Count * PlaneBytes;
    }

    /// <summary>[tests × <see cref="PlaneBytes"/>], as the last <see cref="Finish"/> left them.</summary>
    public ReadOnlySpan<byte> Planes => planes.AsSpan(0, testBytes);

    /// <summary>Gathers one flow of the batch.</summary>
    /// <param name="flow">Its place in the batch: 0 begins a new batch, any other follows the one before.</param>
    /// <param name="records">Its packets so far; columns of later ones are absent.</param>
    public void Add(int flow, ReadOnlySpan<HeaderRecord> records)
    {
        Begin(flow);
        foreach (var packet in packets)
        {
            if (packet.Number < records.Length)
            {
                Gather(flow, packet, records[packet.Number]);
            }
            else
            {
                GatherNothing(flow, packet);
            }
        }

        if (aggregateRows.Length > 0)
        {
            GatherAggregates(flow, records);
        }
    }

    /// <inheritdoc cref="Add(int, ReadOnlySpan{HeaderRecord})"/>
    /// <param name="row">The first words of its row of answers; those of later packets are all no.</param>
    public void Add(int flow, ReadOnlySpan<ulong> row)
    {
        Begin(flow);
        ref var into = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(words), flow % GroupSize * sizeof(ulong));
        foreach (var word in rowWords)
        {
            Unsafe.WriteUnaligned(ref into, word < row.Length ? row[word] : 0);
            into = ref Unsafe.Add(ref into, WordStride);
        }
    }

    /// <summary>Begins a flow, and a batch with the first.</summary>
    void Begin(int flow)
    {
        if (flow != 0)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(flow, added);
            ArgumentOutOfRangeException.ThrowIfEqual(flow, BatchSize);
        }

        if (flow != 0 && flow % GroupSize == 0)
        {
            Transpose((flow / GroupSize) - 1);
        }

        added = flow + 1;
    }

    /// <summary>Goes over the packets once, as <see cref="FeatureSchema.Extract"/> does.</summary>
    void GatherAggregates(int flow, ReadOnlySpan<HeaderRecord> records)
    {
        var (aggregates, known) = (default(FlowAggregates), 0);
        foreach (ref readonly var row in aggregateRows.AsSpan())
        {
            for (; known <= row.Packet && known < records.Length; known++)
            {
                aggregates.Add(records[known]);
            }

            numbers[row.Row + flow] = aggregates.Value(row.Kind);
        }
    }

    void Gather(int flow, PacketWords packet, in HeaderRecord record)
    {
        ref var from = ref Unsafe.As<HeaderRecord, byte>(ref Unsafe.AsRef(in record));
        ref var into = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(words), flow % GroupSize * sizeof(ulong));
        foreach (var (recordByte, at) in packet.Words)
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref into, at),
                Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, recordByte)));
        }

        if (packet.OptionWords.Length > 0)
        {
            GatherOptions(ref from, ref into, packet);
        }

        if (packet.ExistsWord >= 0)
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref into, packet.ExistsWord), 1UL);
        }

        foreach (var (kind, at) in packet.Numbers)
        {
            numbers[at + flow] = FeatureSchema.PacketFeatureOf(record, kind);
        }
    }

    /// <summary>TCP option bytes: those of timestamps' values may be hidden.</summary>
    void GatherOptions(ref byte from, ref byte into, PacketWords packet)
    {
        var hidden = schema!.HiddenOptions(MemoryMarshal.CreateReadOnlySpan(ref from, HeaderRecord.RecordLength));
        foreach (var (recordByte, at) in packet.OptionWords)
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, recordByte));
            if (hidden != 0)
            {
                word &= ~WholeBytes((byte)(hidden >> (recordByte - PlaneLayout.FirstOption)));
            }

            Unsafe.WriteUnaligned(ref Unsafe.Add(ref into, at), word);
        }
    }

    /// <summary>Returns a byte of ones for each bit that is set.</summary>
    internal static ulong WholeBytes(byte bits)
    {
        const ulong Each = 0x0101010101010101;
        var oneBitEach = (bits * Each) & 0x8040201008040201;
        return (((oneBitEach + (0x7f * Each)) >> 7) & Each) * 0xff;
    }

    void GatherNothing(int flow, PacketWords packet)
    {
        ref var into = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(words), flow % GroupSize * sizeof(ulong));
        foreach (var at in packet.AllWords)
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref into, at), 0UL);
        }

        foreach (var (_, at) in packet.Numbers)
        {
            numbers[at + flow] = FeatureSchema.Absent;
        }
    }
}

/// <summary>Lists the words that are filled from one packet of each flow.</summary>
/// <param name="Number">The packet, from 0.</param>
/// <param name="Words">First byte in the record, and where the word's flows begin.</param>
/// <param name="OptionWords">The same for words of TCP options, whose timestamp values may be hidden.</param>
/// <param name="Numbers">Sizes and times, and where their rows of numbers begin.</param>
/// <param name="ExistsWord">Word of whether there is such a packet; −1 where nothing asks.</param>
sealed record PacketWords(int Number, (int RecordByte, int At)[] Words, (int RecordByte, int At)[] OptionWords,
    (PacketFeatureKind Kind, int Row)[] Numbers, int ExistsWord)
{
    /// <summary>Gets every word, to be cleared where the packet is absent.</summary>
    public int[] AllWords { get; } = [.. Words.Select(word => word.At), .. OptionWords.Select(word => word.At),
        .. ExistsWord >= 0 ? [ExistsWord] : Array.Empty<int>()];
}

/// <summary>Lists the parts of one word that are read: bits, and the lengths that say which bits are present.</summary>
sealed record WordReads(BitRead[] Bits, LengthRead[] Lengths);

/// <summary>Represents a bit of a word's byte that becomes a plane.</summary>
/// <param name="Byte">Which byte of the word.</param>
/// <param name="LeftShift">Brings the bit to the top of its byte.</param>
/// <param name="Plane">Offset of the plane that receives it.</param>
readonly record struct BitRead(byte Byte, byte LeftShift, int Plane);

/// <summary>Flows whose byte (a header's length) is above a number become a plane.</summary>
readonly record struct LengthRead(byte Byte, byte Above, int Plane);

/// <summary>
/// A test that is not simply a bit: its plane, those of the bit and of its presence, and its answers.
/// </summary>
readonly record struct BitTest(int Plane, int Ones, int Present, byte WhenAbsent, byte WhenZero, byte WhenOne);

/// <summary>Represents an aggregate of the packets up to one, from 0, and where its row of numbers begins.</summary>
readonly record struct AggregateRow(int Packet, AggregateKind Kind, int Row);

/// <summary>Represents a test of a size, a time or an aggregate against a threshold.</summary>
readonly record struct NumberTest(int Plane, int Row, float Threshold);
