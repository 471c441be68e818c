using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Limits one byte of a header.</summary>
/// <param name="At">Offset of the byte in the header.</param>
readonly record struct ByteRange(int At, byte Low, byte High);

/// <summary>
/// Finds the places of a damaged capture where a header may begin, 32 at a time. It rules places out; whoever searches
/// looks closely at those that are left.
/// </summary>
/// <param name="ranges">What the bytes of a header may be; all must hold.</param>
sealed class BytePattern(params ByteRange[] ranges)
{
    readonly int length = ranges.Length == 0 ? 0 : ranges.Max(range => range.At) + 1;

    /// <summary>Gets the offset of the first place that is not ruled out, or -1 where all are.</summary>
    /// <param name="places">How many places to look at, from the first byte on.</param>
    public int Find(ReadOnlySpan<byte> bytes, int places)
    {
        var at = 0;
        places = Math.Min(places, bytes.Length - length + 1);
        for (; at + Vector256<byte>.Count <= places; at += Vector256<byte>.Count)
        {
            if (FindIn32(ref MemoryMarshal.GetReference(bytes), at) is var mask and not 0)
            {
                return at + BitOperations.TrailingZeroCount(mask);
            }
        }

        for (; at < places; at++)
        {
            if (Matches(bytes[at..]))
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The slow, obvious way.</summary>
    public bool Matches(ReadOnlySpan<byte> header)
    {
        foreach (var range in ranges)
        {
            if (header[range.At] < range.Low || header[range.At] > range.High)
            {
                return false;
            }
        }

        return true;
    }

    uint FindIn32(ref byte first, int at)
    {
        var left = Vector256<byte>.AllBitsSet;
        foreach (var range in ranges)
        {
            var above = Vector256.LoadUnsafe(ref first, (nuint)(at + range.At)) - Vector256.Create(range.Low);
            var span = Vector256.Create((byte)(range.High - range.Low));
            left &= Vector256.Equals(Vector256.Min(above, span), above);
        }

        return left.ExtractMostSignificantBits();
    }
}
