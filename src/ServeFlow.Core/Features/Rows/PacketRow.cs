using System.Runtime.Intrinsics;

namespace ServeFlow.Features.Rows;

/// <summary>Lays out the answers of one packet.</summary>
/// <param name="FirstWord">The place of its first word in a row.</param>
/// <param name="Always">[word]: the answers that are yes for every packet.</param>
/// <param name="Bits">The bits of the record that it takes.</param>
/// <param name="Lengths">The lengths that it compares.</param>
/// <param name="Numbers">The sizes and times that it compares.</param>
/// <param name="DirectionPlace">The place of the answer that says who sent it; −1 where nothing asks.</param>
/// <param name="ReadsOptions">Whether TCP options are read, of which timestamp values may be hidden.</param>
sealed record PacketRow(int FirstWord, ulong[] Always, BitStep[] Bits, LengthStep[] Lengths, NumberStep[] Numbers,
    int DirectionPlace, bool ReadsOptions);

/// <summary>Collects the steps that answer the questions of one packet, which come in their order.</summary>
sealed class PacketRowBuilder
{
    /// <summary>Steps come in multiples of this: packets that take nearly as many take the same number, which is
    /// predicted.</summary>
    const int StepGroup = 3;

    readonly List<ulong> always = [];
    readonly List<BitStep> bits = [];
    readonly List<LengthStep> lengths = [];
    readonly List<NumberStep> numbers = [];

    /// <param name="word">The word of its answer.</param>
    /// <param name="shift">The place in it.</param>
    public void Add(in RowQuestion question, ushort word, byte shift)
    {
        if (word == always.Count)
        {
            always.Add(0);
        }

        switch (question.Kind)
        {
            case QuestionKind.Bit:
                AddBit(question, word, shift);
                break;
            case QuestionKind.Presence when question.First == RowQuestion.AnyHeader:
                always[word] |= 1UL << shift;
                break;
            case QuestionKind.Presence:
                AddLength(question, word, shift);
                break;
            default:
                AddNumber(question, word, shift);
                break;
        }
    }

    public PacketRow Build(int firstWord, int directionPlace, bool readsOptions)
    {
        while (bits.Count % StepGroup != 0)
        {
            bits.Add(default); // takes no bit
        }

        return new(firstWord, [.. always], [.. bits], [.. lengths], [.. numbers], directionPlace, readsOptions);
    }

    /// <summary>A bit is taken together with those before it, where eight bytes of the record hold them all.</summary>
    void AddBit(in RowQuestion question, ushort word, byte shift)
    {
        const int last = HeaderRecord.RecordLength - sizeof(ulong);
        if (bits.Count == 0 || bits[^1].Word != word || question.First >= bits[^1].Byte + sizeof(ulong))
        {
            bits.Add(new((byte)Math.Min(question.First, last), word, shift, 0));
        }

        var bit = ((question.First - bits[^1].Byte) * 8) + question.Second;
        bits[^1] = bits[^1] with { Mask = bits[^1].Mask | (1UL << bit) };
    }

    void AddLength(in RowQuestion question, ushort word, byte shift)
    {
        if (lengths.Count == 0 || lengths[^1].Word != word || shift - lengths[^1].Shift >= Vector128<byte>.Count)
        {
            lengths.Add(LengthStep.Create(word, shift));
        }

        lengths[^1] = lengths[^1].With(shift - lengths[^1].Shift, question.First, question.Second);
    }

    void AddNumber(in RowQuestion question, ushort word, byte shift)
    {
        var kind = (PacketFeatureKind)question.First;
        if (numbers.Count == 0 || numbers[^1].Word != word || numbers[^1].Kind != kind
            || shift - numbers[^1].Shift >= Vector256<float>.Count)
        {
            numbers.Add(NumberStep.Create(kind, word, shift));
        }

        numbers[^1] = numbers[^1].With(shift - numbers[^1].Shift, question.Threshold);
    }
}

/// <summary>Takes chosen bits of eight bytes of a record.</summary>
/// <param name="Byte">The first byte.</param>
/// <param name="Word">The word of the packet that receives them.</param>
/// <param name="Shift">The place of the lowest bit in the word.</param>
/// <param name="Mask">The bits.</param>
readonly record struct BitStep(byte Byte, ushort Word, byte Shift, ulong Mask);

/// <summary>Asks whether up to 16 bytes of headers are there.</summary>
/// <param name="Lengths">The place of each header's captured length among the lengths of a record.</param>
/// <param name="HeaderBytes">The byte of each header: there where the length is greater.</param>
/// <param name="Word">The word of the packet that receives the answers.</param>
/// <param name="Shift">The place of the first answer in the word.</param>
readonly record struct LengthStep(Vector128<byte> Lengths, Vector128<sbyte> HeaderBytes, ushort Word, byte Shift)
{
    /// <summary>More than any header has bytes.</summary>
    const sbyte Never = sbyte.MaxValue;

    /// <summary>Creates a step that asks nothing yet.</summary>
    public static LengthStep Create(ushort word, byte shift) => new(default, Vector128.Create(Never), word, shift);

    /// <summary>Adds the question whether a byte of a header is there.</summary>
    /// <param name="place">Its place in the step, from 0.</param>
    /// <param name="lengthByte">The byte of the record that holds the header's captured length.</param>
    /// <param name="headerByte">The byte of the header.</param>
    public LengthStep With(int place, int lengthByte, int headerByte) => this with
    {
        Lengths = Lengths.WithElement(place, (byte)(lengthByte - HeaderRecord.LengthsOffset)),
        HeaderBytes = HeaderBytes.WithElement(place, (sbyte)headerByte),
    };
}

/// <summary>Asks whether a size or a time is above up to eight thresholds.</summary>
/// <param name="Kind">What is compared.</param>
/// <param name="Thresholds">Yes where it is above.</param>
/// <param name="Word">The word of the packet that receives the answers.</param>
/// <param name="Shift">The place of the first answer in the word.</param>
readonly record struct NumberStep(PacketFeatureKind Kind, Vector256<float> Thresholds, ushort Word, byte Shift)
{
    /// <summary>Creates a step that asks nothing yet: no number is above these thresholds.</summary>
    public static NumberStep Create(PacketFeatureKind kind, ushort word, byte shift) =>
        new(kind, Vector256.Create(float.PositiveInfinity), word, shift);

    /// <summary>Adds a threshold.</summary>
    /// <param name="place">Its place in the step, from 0.</param>
    public NumberStep With(int place, float threshold) =>
        this with { Thresholds = Thresholds.WithElement(place, threshold) };
}
