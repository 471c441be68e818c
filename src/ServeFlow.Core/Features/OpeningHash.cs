using System.Numerics;
using System.Runtime.InteropServices;

namespace ServeFlow.Features;

/// <summary>
/// A number for a flow's opening, its first packets as a schema shows them: openings with the same header columns have
/// the same number, others almost surely not (64 bits). It goes on packet by packet, so that the numbers of all shorter
/// openings come along. Bundles keep such numbers: a change of the arithmetic is a change of their format. Sizes and
/// times take no part.
/// </summary>
public sealed class OpeningHash
{
    /// <summary>Specifies the hash of an opening of no packets: the golden ratio's bits.</summary>
    public const ulong Start = 0x9E37_79B9_7F4A_7C15;

    /// <summary>SplitMix64's multipliers, which mix well.</summary>
    const ulong First = 0xBF58_476D_1CE4_E5B9, Second = 0x94D0_49BB_1331_11EB;

    const int Words = HeaderRecord.RecordLength / sizeof(ulong);

    readonly FeatureSchema schema;

    /// <summary>Holds the words of a record of which something is visible, and what.</summary>
    readonly (int Word, ulong Mask)[] visible;

    /// <summary>The same in words of 32 bits, which are about as long as a field.</summary>
    readonly (int Word, uint Mask)[] visibleWords;

    public OpeningHash(FeatureSchema schema)
    {
        this.schema = schema;
        var bytes = new byte[HeaderRecord.RecordLength];
        for (var column = 0; column < schema.ColumnsPerPacket; column++)
        {
            if (schema.TryBit(column, out var bit))
            {
                bytes[bit.RecordByte] |= (byte)(1 << bit.Shift);
                bytes[bit.LengthByte] = 0xff;
            }
            else if (schema.IsDirection(column))
            {
                bytes[HeaderRecord.DirectionOffset] = 0xff;
            }
        }

        visible =
        [
            .. MemoryMarshal.Cast<byte, ulong>(bytes).ToArray().Index().Where(word => word.Item != 0)
                .Select(word => (word.Index, word.Item)),
        ];
        visibleWords =
        [
            .. MemoryMarshal.Cast<byte, uint>(bytes).ToArray().Index().Where(word => word.Item != 0)
                .Select(word => (word.Index, word.Item)),
        ];
    }

    /// <summary>Gets the number of words of 32 bits of which a packet shows something: 48 at most, all of a record.
    /// </summary>
    public int VisibleWords => visibleWords.Length;

    /// <summary>Computes the numbers of a packet's words, each by its place in the packet and the packet's place in the
    /// flow.</summary>
    /// <param name="place">The packet's place in its flow, from 0.</param>
    /// <param name="numbers">Receives <see cref="VisibleWords"/> numbers.</param>
    public void ComputeWords(int place, in HeaderRecord packet, Span<ulong> numbers)
    {
        Span<ulong> copy = stackalloc ulong[Words];
        var seen = MemoryMarshal.Cast<ulong, uint>(CopyVisible(packet, copy));
        for (var i = 0; i < visibleWords.Length; i++)
        {
            var (word, mask) = visibleWords[i];
            numbers[i] = Number(place, word, seen[word] & mask);
        }
    }

    /// <summary>Computes the numbers of those of a packet's words that show anything but zeros. Most headers are absent
    /// from a packet, so these are few.</summary>
    /// <param name="place">The packet's place in its flow, from 0.</param>
    /// <param name="numbers">Receives the numbers, at most <see cref="VisibleWords"/>.</param>
    /// <param name="zeros">The other words: bit i stands for the word that <see cref="ComputeWords"/> puts at i.
    /// </param>
    /// <returns>How many numbers there are.</returns>
    public int ComputeNonZeroWords(int place, in HeaderRecord packet, Span<ulong> numbers, out ulong zeros)
    {
        Span<ulong> copy = stackalloc ulong[Words];
        var seen = MemoryMarshal.Cast<ulong, uint>(CopyVisible(packet, copy));
        var count = 0;
        zeros = 0;
        for (var i = 0; i < visibleWords.Length; i++)
        {
            var (word, mask) = visibleWords[i];
            if ((seen[word] & mask) == 0)
            {
                zeros |= 1UL << i;
            }
            else
            {
                numbers[count++] = Number(place, word, seen[word] & mask);
            }
        }

        return count;
    }

    /// <summary>Returns the number of an opening that is one packet longer.</summary>
    public ulong Next(ulong opening, in HeaderRecord packet)
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<HeaderRecord>(in packet));
        var hidden = schema.HiddenOptions(bytes);
        if (hidden == 0)
        {
            return Mix(opening, MemoryMarshal.Cast<byte, ulong>(bytes));
        }

        Span<ulong> words = stackalloc ulong[Words];
        return Mix(opening, CopyVisible(packet, words));
    }

    /// <summary>Copies a packet without the TCP options that are hidden.</summary>
    /// <param name="words">Room for a record.</param>
    /// <returns>The room.</returns>
    Span<ulong> CopyVisible(in HeaderRecord packet, Span<ulong> words)
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<HeaderRecord>(in packet));
        var hidden = schema.HiddenOptions(bytes);
        var copy = MemoryMarshal.AsBytes(words);
        bytes.CopyTo(copy);
        for (var option = HeaderRecord.TcpOffset + TcpTimestamps.OptionsOffset; hidden != 0; option++, hidden >>= 1)
        {
            copy[option] = (hidden & 1) != 0 ? (byte)0 : copy[option];
        }

        return words;
    }

    /// <summary>Returns the number of an opening together with a class.</summary>
    public static ulong With(ulong opening, int label) => Finish(opening ^ (((ulong)label + 1) * First));

    ulong Mix(ulong opening, ReadOnlySpan<ulong> words)
    {
        // Two lanes, so that one multiplication does not wait for the other.
        var (a, b) = (opening, opening ^ First);
        foreach (var (word, mask) in visible)
        {
            var seen = words[word] & mask;
            a = BitOperations.RotateLeft((a ^ seen) * First, 29);
            b = BitOperations.RotateLeft((b + seen) * Second, 31);
        }

        return Finish(a ^ BitOperations.RotateLeft(b, 17));
    }

    static ulong Number(int place, int word, uint shown) =>
        Finish(((((ulong)place << 8) | (uint)word) * Second) ^ (shown * First));

    static ulong Finish(ulong x)
    {
        x = (x ^ (x >> 30)) * First;
        x = (x ^ (x >> 27)) * Second;
        return x ^ (x >> 31);
    }
}
