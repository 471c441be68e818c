using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServeFlow.Features.Rows;

/// <summary>
/// Lays out answer rows: what models ask of a flow's first packets, answered when each packet arrives, a bit for each
/// different question. The answers to a packet fill words of their own, packet after packet, so that the first words of
/// a row are all that the first packets say. Answers about aggregates stand before them. Immutable.
/// </summary>
public sealed class AnswerRows
{
    const int WordBits = 64;

    readonly FeatureSchema schema;
    readonly Dictionary<RowQuestion, int> places = [];
    readonly PacketRow[] packets;

    AnswerRows(FeatureSchema schema, IReadOnlyCollection<RowQuestion> questions, int depth)
    {
        this.schema = schema;
        Aggregates = new(questions.Where(IsAggregate), places, depth);
        Words = Aggregates.Words;
        var byPacket = questions.Where(question => !IsAggregate(question)).ToLookup(question => question.Packet);
        packets = new PacketRow[byPacket.Select(packet => packet.Key + 1).DefaultIfEmpty(0).Max()];
        for (var number = 0; number < packets.Length; number++)
        {
            packets[number] = Lay([.. byPacket[number].Order()]);
        }
    }

    /// <summary>Gets the words of a row of all packets.</summary>
    public int Words { get; private set; }

    /// <summary>Gets the bytes that are kept of a flow: its row, and its sums where aggregates are asked for.</summary>
    public int Bytes => (Words * sizeof(ulong)) + (Aggregates.IsEmpty ? 0 : Unsafe.SizeOf<FlowAggregates>());

    /// <summary>Gets the answers about aggregates.</summary>
    internal AggregateRows Aggregates { get; }

    /// <summary>Gets whether this processor writes rows fast enough for them to pay.</summary>
    public static bool IsFast => BitExtract.IsFast;

    /// <summary>Lays out the rows that answer all of some models' tests.</summary>
    /// <param name="depth">Packets that the deepest of the models waits for.</param>
    /// <returns>Null where a test answers yes for a packet that there is not.</returns>
    public static AnswerRows? TryCreate(FeatureSchema schema, IEnumerable<PlaneTest> tests, int depth)
    {
        var questions = tests.Select(test => RowQuestion.Create(schema, test)).ToHashSet();
        return questions.Any(question => question.Kind == QuestionKind.Other) ? null : new(schema, questions, depth);
    }

    /// <summary>Gets the place of a test's answer in a row: bit b % 64 of word b / 64.</summary>
    public int PlaceOf(in PlaneTest test) => places[RowQuestion.Create(schema, test)];

    /// <summary>Gets how many words the first packets fill: later ones say nothing.</summary>
    public int WordsOf(int count) => count < packets.Length ? packets[count].FirstWord : Words;

    /// <summary>Answers what is asked of a packet.</summary>
    /// <param name="packet">Its headers. Bytes that the schema hides may be cleared.</param>
    /// <param name="number">The packet, from 0.</param>
    /// <param name="row">[<see cref="Words"/>]: receives the answers of this packet.</param>
    public void Write(ref HeaderRecord packet, int number, Span<ulong> row)
    {
        if (number >= packets.Length)
        {
            return;
        }

        var layout = packets[number];
        var bytes = MemoryMarshal.AsBytes(new Span<HeaderRecord>(ref packet));
        if (layout.ReadsOptions)
        {
            HideOptions(bytes);
        }

        ref var from = ref MemoryMarshal.GetReference(bytes);
        var words = row.Slice(layout.FirstWord, layout.Always.Length);
        layout.Always.CopyTo(words);
        foreach (ref readonly var step in layout.Bits.AsSpan())
        {
            var value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, (nint)step.Byte));
            words[step.Word] |= BitExtract.Extract(value, step.Mask) << step.Shift;
        }

        var lengths = Lengths(packet);
        foreach (ref readonly var step in layout.Lengths.AsSpan())
        {
            var ofHeaders = Vector128.ShuffleNative(lengths, step.Lengths).AsSByte();
            var areThere = Vector128.GreaterThan(ofHeaders, step.HeaderBytes).ExtractMostSignificantBits();
            words[step.Word] |= (ulong)areThere << step.Shift;
        }

        foreach (ref readonly var step in layout.Numbers.AsSpan())
        {
            var value = Vector256.Create(FeatureSchema.PacketFeatureOf(packet, step.Kind));
            var areAbove = Vector256.GreaterThan(value, step.Thresholds).ExtractMostSignificantBits();
            words[step.Word] |= (ulong)areAbove << step.Shift;
        }
    }

    /// <summary>Exchanges the directions of a flow's packets, whose forward side has become the backward one.</summary>
    /// <param name="row">The answers of the packets.</param>
    /// <param name="count">The packets.</param>
    public void Turn(Span<ulong> row, int count)
    {
        foreach (var packet in packets.AsSpan(0, Math.Min(count, packets.Length)))
        {
            if (packet.DirectionPlace >= 0)
            {
                row[packet.DirectionPlace / WordBits] ^= 1UL << (packet.DirectionPlace % WordBits);
            }
        }
    }

    static bool IsAggregate(RowQuestion question) => question.Kind == QuestionKind.Aggregate;

    /// <summary>Gets the captured lengths of a packet's headers. They have just been stored one by one: a register that
    /// is loaded whole would wait for all of these stores.</summary>
    static Vector128<byte> Lengths(in HeaderRecord packet)
    {
        var network = packet.Ipv4Length | ((ulong)packet.Ipv6Length << 8);
        var transport = packet.TcpLength | ((ulong)packet.UdpLength << 8) | ((ulong)packet.IcmpLength << 16);
        return Vector128.CreateScalar(network | (transport << 16)).AsByte();
    }

    void HideOptions(Span<byte> record)
    {
        var hidden = schema.HiddenOptions(record);
        for (var at = PlaneLayout.FirstOption; hidden != 0; hidden >>= sizeof(ulong), at += sizeof(ulong))
        {
            ref var word = ref Unsafe.As<byte, ulong>(ref record[at]);
            word &= ~PlaneExtractor.WholeBytes((byte)hidden);
        }
    }

    /// <summary>Lays out the answers of one packet, in the order of its questions.</summary>
    PacketRow Lay(RowQuestion[] questions)
    {
        var row = new PacketRowBuilder();
        var firstWord = Words;
        for (var place = 0; place < questions.Length; place++)
        {
            row.Add(questions[place], (ushort)(place / WordBits), (byte)(place % WordBits));
            places.Add(questions[place], (firstWord * WordBits) + place);
        }

        var readsOptions = questions.Any(question => question.Kind == QuestionKind.Bit
            && question.First is >= PlaneLayout.FirstOption and < HeaderRecord.UdpOffset);
        var direction = Array.FindIndex(questions, question => question.Kind == QuestionKind.Bit
            && question.First == HeaderRecord.DirectionOffset);
        var layout = row.Build(firstWord, direction < 0 ? -1 : (firstWord * WordBits) + direction, readsOptions);
        Words += layout.Always.Length;
        return layout;
    }
}
