using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ServeFlow.Features;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Answers a model's tests for one flow at a time, a bit a test; <see cref="PlaneExtractor"/> does so for whole
/// batches. Owned by one worker; allocates nothing after its construction.
/// </summary>
sealed class FlowAnswers
{
    /// <summary>First byte of the TCP options in a record.</summary>
    public const int FirstOption = HeaderRecord.TcpOffset + TcpTimestamps.OptionsOffset;

    const int WordSize = AnswerLayout.WordSize;

    /// <summary>More than any header has bytes.</summary>
    const byte AnyLength = 127;

    readonly FeatureSchema schema;
    readonly PacketAnswers[] packets;
    readonly AggregateAnswer[] aggregateTests;
    readonly int firstAggregateWord;

    /// <summary>The bytes that hold the tests' bits, side by side.</summary>
    readonly byte[] bytes;

    readonly byte[] record = new byte[HeaderRecord.RecordLength];

    public FlowAnswers(FeatureSchema schema, AnswerLayout layout)
    {
        this.schema = schema;
        packets = layout.Packets;
        (aggregateTests, firstAggregateWord) = (layout.Aggregates, layout.FirstAggregateWord);
        bytes = new byte[packets.Select(packet => packet.Words.Length).DefaultIfEmpty(0).Max() * WordSize];
    }

    /// <param name="records">The flow's packets so far; columns of later ones are absent.</param>
    /// <param name="answers">Receives the answers, by <see cref="AnswerLayout.Places"/>.</param>
    public void Read(ReadOnlySpan<HeaderRecord> records, Span<byte> answers)
    {
        var words = MemoryMarshal.Cast<byte, uint>(answers);
        foreach (var packet in packets)
        {
            var ofPacket = words.Slice(packet.FirstWord, packet.Words.Length);
            if (packet.Number < records.Length)
            {
                Gather(packet, records[packet.Number]);
                Read(packet.Words, ofPacket);
            }
            else
            {
                ReadNothing(packet.Words, ofPacket);
            }
        }

        if (aggregateTests.Length > 0)
        {
            ReadAggregates(records, words[firstAggregateWord..]);
        }
    }

    /// <summary>Goes over the packets once, as <see cref="FeatureSchema.Extract"/> does.</summary>
    void ReadAggregates(ReadOnlySpan<HeaderRecord> records, Span<uint> words)
    {
        var (aggregates, known) = (default(FlowAggregates), 0);
        words[..((aggregateTests.Length + WordSize - 1) / WordSize)].Clear();
        for (var i = 0; i < aggregateTests.Length; i++)
        {
            ref readonly var test = ref aggregateTests[i];
            for (; known <= test.Packet && known < records.Length; known++)
            {
                aggregates.Add(records[known]);
            }

            words[i / WordSize] |= aggregates.Value(test.Kind) > test.Threshold ? 1u << i : 0;
        }
    }

    /// <summary>Lines up the bytes that the tests ask for, before any of them is read in a register.</summary>
    void Gather(PacketAnswers packet, in HeaderRecord from)
    {
        MemoryMarshal.AsBytes(new ReadOnlySpan<HeaderRecord>(in from)).CopyTo(record);
        if (packet.ReadsOptions)
        {
            HideOptions();
        }

        record[^1] = AnyLength;
        ref var read = ref MemoryMarshal.GetArrayDataReference(record);
        ref var write = ref MemoryMarshal.GetArrayDataReference(bytes);
        foreach (var at in packet.Bytes)
        {
            write = Unsafe.Add(ref read, at);
            write = ref Unsafe.Add(ref write, 1);
        }

        foreach (ref readonly var number in packet.Numbers.AsSpan())
        {
            var isAbove = FeatureSchema.PacketFeatureOf(from, number.Kind) > number.Threshold;
            bytes[number.Test] = isAbove ? (byte)1 : (byte)0;
        }
    }

    void HideOptions()
    {
        var hidden = schema.HiddenOptions(record);
        for (var at = FirstOption; hidden != 0; hidden >>= sizeof(ulong), at += sizeof(ulong))
        {
            ref var word = ref Unsafe.As<byte, ulong>(ref record[at]);
            word &= ~PlaneExtractor.WholeBytes((byte)hidden);
        }
    }

    void Read(AnswerWord[] words, Span<uint> answers)
    {
        var half = Vector128.LoadUnsafe(ref record[HeaderRecord.LengthsOffset]);
        var lengths = Vector256.Create(half, half);
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            var values = Vector256.LoadUnsafe(ref bytes[i * WordSize]) & word.Bits;
            var ones = ~Vector256.Equals(values, Vector256<byte>.Zero).ExtractMostSignificantBits();
            var present = Vector256.GreaterThan(Flows256.Shuffle(lengths, word.Lengths).AsSByte(),
                word.Headers.AsSByte()).ExtractMostSignificantBits();
            var whenPresent = (ones & word.WhenOne) | (~ones & word.WhenZero);
            answers[i] = (present & whenPresent) | (~present & word.WhenAbsent);
        }
    }

    static void ReadNothing(AnswerWord[] words, Span<uint> answers)
    {
        for (var i = 0; i < words.Length; i++)
        {
            answers[i] = words[i].WhenAbsent;
        }
    }
}
