using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServeFlow.Sinks.Formats;

/// <summary>
/// Writes UTF-8 into a span that the caller has made large enough: pieces of text, numbers, times. A span that is too
/// short throws, it is never overrun.
/// </summary>
ref struct TextCursor(Span<byte> room)
{
    static ReadOnlySpan<ulong> PowersOfTen =>
    [
        1,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        100000000,
        1000000000,
        10000000000,
        100000000000,
        1000000000000,
        10000000000000,
        100000000000000,
        1000000000000000,
        10000000000000000,
        100000000000000000,
        1000000000000000000,
        10000000000000000000,
    ];

    /// <summary>"00" to "99".</summary>
    static ReadOnlySpan<byte> Pairs =>
        "0001020304050607080910111213141516171819"u8
        + "2021222324252627282930313233343536373839"u8
        + "4041424344454647484950515253545556575859"u8
        + "6061626364656667686970717273747576777879"u8
        + "8081828384858687888990919293949596979899"u8;

    readonly Span<byte> room = room;

    /// <summary>Gets the number of bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the room for the bytes that follow.</summary>
    public readonly Span<byte> Rest => room[Length..];

    /// <summary>Counts bytes that were written into <see cref="Rest"/>.</summary>
    public void Advance(int count) => Length += count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(room[Length..]);
        Length += text.Length;
    }

    public void AppendInteger(long value)
    {
        if (value < 0)
        {
            Append("-"u8);
            AppendDigits((ulong)-value);
            return;
        }

        AppendDigits((ulong)value);
    }

    /// <summary>
    /// The number rounded to six decimals, without trailing zeros: what the base library gives for the rounded
    /// number. Numbers that it would write with an exponent it writes itself.
    /// </summary>
    public void AppendReal(float value)
    {
        var scaled = Math.Round((double)value * 1e6);
        if (scaled is not (>= 100 and < 1e15) && BitConverter.DoubleToInt64Bits(scaled) != 0)
        {
            var rounded = float.IsFinite(value) ? Math.Round((double)value, 6) : 0;
            rounded.TryFormat(Rest, out var written);
            Length += written;
            return;
        }

        var (whole, part) = Math.DivRem((ulong)scaled, 1_000_000);
        AppendDigits(whole);
        if (part != 0)
        {
            Append("."u8);
            AppendSixDigits((int)part);
            while (room[Length - 1] == '0')
            {
                Length--;
            }
        }
    }

    /// <summary>Six digits, zeros in front.</summary>
    public void AppendSixDigits(int value)
    {
        var place = room.Slice(Length, 6);
        WritePair(place, value / 10_000);
        WritePair(place[2..], value / 100 % 100);
        WritePair(place[4..], value % 100);
        Length += 6;
    }

    void AppendDigits(ulong value)
    {
        if (value < 10)
        {
            room[Length++] = (byte)('0' + value);
            return;
        }

        var count = CountDigits(value);
        var place = room.Slice(Length, count);
        Length += count;
        while (value >= 100)
        {
            (value, var pair) = Math.DivRem(value, 100);
            count -= 2;
            WritePair(place[count..], (int)pair);
        }

        if (count == 2)
        {
            WritePair(place, (int)value);
        }
        else
        {
            place[0] = (byte)('0' + value);
        }
    }

    /// <summary>Digits of a number of at least 10: about 1233 / 4096 a bit, corrected by a look at the power of ten.
    /// </summary>
    static int CountDigits(ulong value)
    {
        var guess = ((BitOperations.Log2(value) + 1) * 1233) >> 12;
        return guess + (value >= PowersOfTen[guess] ? 1 : 0);
    }

    static void WritePair(Span<byte> place, int value) =>
        MemoryMarshal.Write(place, MemoryMarshal.Read<ushort>(Pairs[(2 * value)..]));
}
