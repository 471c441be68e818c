using System.Runtime.Intrinsics;
using ServeFlow.Features;
using ServeFlow.Features.Rows;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Lays the tests of a model out for <see cref="FlowAnswers"/>: packet by packet, 32 answers a word. Immutable; shared
/// by all workers.
/// </summary>
sealed class AnswerLayout
{
    /// <summary>Specifies the number of answers of a word: the bytes of a register of 256 bits.</summary>
    public const int WordSize = 32;

    /// <summary>The last byte of a record is of no feature: while a flow is read it holds a length that everything is
    /// within.</summary>
    const byte AlwaysPresent = HeaderRecord.RecordLength - 1 - HeaderRecord.LengthsOffset;

    readonly FeatureSchema schema;
    readonly int[] places;

    /// <param name="tests">The tests of a model, in any order.</param>
    public AnswerLayout(FeatureSchema schema, IReadOnlyList<PlaneTest> tests)
    {
        this.schema = schema;
        places = new int[tests.Count];
        var packets = tests.Index().Where(test => !IsAggregate(test.Item))
            .GroupBy(test => test.Item.Column / schema.ColumnsPerPacket)
            .OrderBy(packet => packet.Key).ToArray();
        Packets = new PacketAnswers[packets.Length];
        for (var (packet, word) = (0, 0); packet < packets.Length; packet++)
        {
            Packets[packet] = Lay(packets[packet].Key, word, [.. packets[packet]
                .GroupBy(test => RowQuestion.Create(schema, test.Item)).OrderBy(question => question.Key)]);
            word += Packets[packet].Words.Length;
            FirstAggregateWord = word;
        }

        Aggregates = LayAggregates(tests);
    }

    /// <summary>Gets what is read from each packet.</summary>
    public PacketAnswers[] Packets { get; }

    /// <summary>Gets the tests of aggregates, those of fewer packets first: a bit each, one after the other.</summary>
    public AggregateAnswer[] Aggregates { get; }

    /// <summary>Gets the place of the first word of aggregates, behind those of all packets.</summary>
    public int FirstAggregateWord { get; }

    /// <summary>Gets the place of each test's answer among those of a flow: a bit.</summary>
    public IReadOnlyList<int> Places => places;

    bool IsAggregate(in PlaneTest test) => schema.IsAggregate(test.Column % schema.ColumnsPerPacket);

    /// <summary>Tests that ask the same share a place. Their order is that of rows, as in <see cref="Lay"/>.</summary>
    AggregateAnswer[] LayAggregates(IReadOnlyList<PlaneTest> tests)
    {
        var questions = tests.Index().Where(test => IsAggregate(test.Item))
            .GroupBy(test => RowQuestion.Create(schema, test.Item)).OrderBy(question => question.Key).ToArray();
        foreach (var (place, question) in questions.Index())
        {
            foreach (var (index, _) in question)
            {
                places[index] = (FirstAggregateWord * WordSize) + place;
            }
        }

        return [.. questions.Select(question => new AggregateAnswer(question.Key.Packet,
            (AggregateKind)question.Key.First, question.Key.Threshold))];
    }

    /// <param name="questions">The tests of one packet: those that ask the same share a place. Their order is that of
    /// rows, see <see cref="RowAnswers"/>.</param>
    PacketAnswers Lay(int number, int firstWord, IGrouping<RowQuestion, (int Index, PlaneTest Item)>[] questions)
    {
        PlaneTest[] tests = [.. questions.Select(question => question.First().Item)];
        var bytes = new byte[tests.Length];
        var numbers = new List<NumberAnswer>();
        var words = new AnswerWord[(tests.Length + WordSize - 1) / WordSize];
        for (var word = 0; word < words.Length; word++)
        {
            words[word] = LayWord(tests.AsSpan(word * WordSize, Math.Min(WordSize, tests.Length - (word * WordSize))));
        }

        for (var at = 0; at < tests.Length; at++)
        {
            var test = tests[at];
            foreach (var (index, _) in questions[at])
            {
                places[index] = (firstWord * WordSize) + at;
            }

            if (RowQuestion.TryBit(schema, test.Column % schema.ColumnsPerPacket, out var bit))
            {
                bytes[at] = bit.RecordByte;
            }
            else
            {
                var kind = schema.PacketFeatureAt(test.Column % schema.ColumnsPerPacket);
                numbers.Add(new(at, kind, test.Threshold));
            }
        }

        return new(number, firstWord, bytes, [.. numbers], words);
    }

    AnswerWord LayWord(ReadOnlySpan<PlaneTest> tests)
    {
        Span<byte> bits = stackalloc byte[WordSize], lengths = stackalloc byte[WordSize];
        Span<byte> headers = stackalloc byte[WordSize];
        var (whenZero, whenOne, whenAbsent) = (0u, 0u, 0u);
        for (var at = 0; at < tests.Length; at++)
        {
            var test = tests[at];
            var isBit = RowQuestion.TryBit(schema, test.Column % schema.ColumnsPerPacket, out var bit);
            bits[at] = isBit ? (byte)(1 << bit.Shift) : (byte)1;
            (lengths[at], headers[at]) = isBit && bit.LengthByte != 0
                ? ((byte)(bit.LengthByte - HeaderRecord.LengthsOffset), bit.HeaderByte)
                : (AlwaysPresent, (byte)0);
            whenZero |= isBit && test.WhenZero ? 1u << at : 0;
            whenOne |= !isBit || test.WhenOne ? 1u << at : 0;
            whenAbsent |= test.WhenAbsent ? 1u << at : 0;
        }

        return new(Vector256.Create<byte>(bits), Vector256.Create<byte>(lengths), Vector256.Create<byte>(headers),
            whenZero, whenOne, whenAbsent);
    }
}

/// <summary>Lists the answers that are read from one packet.</summary>
/// <param name="Number">The packet, from 0.</param>
/// <param name="FirstWord">The place of its first word.</param>
/// <param name="Bytes">[test]: the byte of the record that holds the bit.</param>
/// <param name="Numbers">Tests of sizes and times.</param>
/// <param name="Words">The words of its answers.</param>
sealed record PacketAnswers(int Number, int FirstWord, byte[] Bytes, NumberAnswer[] Numbers, AnswerWord[] Words)
{
    /// <summary>Gets whether TCP options are read, of which timestamp values may be hidden.</summary>
    public bool ReadsOptions { get; } = Bytes.Any(at => at is >= FlowAnswers.FirstOption and < HeaderRecord.UdpOffset);
}

/// <summary>Represents a test of a size or a time.</summary>
/// <param name="Test">Which test of the packet.</param>
/// <param name="Kind">What is compared.</param>
/// <param name="Threshold">Yes where the value is above it.</param>
readonly record struct NumberAnswer(int Test, PacketFeatureKind Kind, double Threshold);

/// <summary>Represents a test of an aggregate.</summary>
/// <param name="Packet">The last packet that it is over, from 0.</param>
/// <param name="Kind">What is compared.</param>
/// <param name="Threshold">Yes where the value is above it.</param>
readonly record struct AggregateAnswer(int Packet, AggregateKind Kind, float Threshold);

/// <summary>32 answers.</summary>
/// <param name="Bits">The bit of each record byte.</param>
/// <param name="Lengths">The place of each header's captured length among the last 16 bytes of a record.</param>
/// <param name="Headers">The byte of its header that holds the bit: present where the length is greater.</param>
/// <param name="WhenZero">The answers where bits are 0.</param>
/// <param name="WhenOne">The answers where bits are 1.</param>
/// <param name="WhenAbsent">The answers where bits are absent.</param>
sealed record AnswerWord(Vector256<byte> Bits, Vector256<byte> Lengths, Vector256<byte> Headers, uint WhenZero,
    uint WhenOne, uint WhenAbsent);
