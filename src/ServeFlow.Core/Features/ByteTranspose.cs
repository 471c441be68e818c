using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServeFlow.Features;

/// <summary>Transposes words of eight bytes: from flow by flow to byte by byte.</summary>
static class ByteTranspose
{
    /// <summary>Specifies the number of bytes of a word.</summary>
    public const int Rows = sizeof(ulong);

    const int Flows = 32;

    /// <summary>Interleaves, four times over, words that are 8, 4, 2 and 1 flows apart. The halves of a register are
    /// flows 0–15 and 16–31 throughout.</summary>
    /// <param name="words">32 words, one a flow.</param>
    /// <param name="rows">Receives for each byte of a word the 32 flows' bytes.</param>
    /// <param name="stride">Bytes from a row to the next.</param>
    public static void Apply(ref byte words, ref byte rows, int stride)
    {
        var (even0, odd0) = Interleave(Load(ref words, 0), Load(ref words, 4));
        var (even1, odd1) = Interleave(Load(ref words, 1), Load(ref words, 5));
        var (even2, odd2) = Interleave(Load(ref words, 2), Load(ref words, 6));
        var (even3, odd3) = Interleave(Load(ref words, 3), Load(ref words, 7));
        var (evenLow, evenHigh) = Interleave(even0, even2);
        var (evenLow2, evenHigh2) = Interleave(even1, even3);
        var (oddLow, oddHigh) = Interleave(odd0, odd2);
        var (oddLow2, oddHigh2) = Interleave(odd1, odd3);
        Store(evenLow, evenLow2, oddLow, oddLow2, ref rows, stride);
        Store(evenHigh, evenHigh2, oddHigh, oddHigh2, ref Unsafe.Add(ref rows, 4 * stride), stride);
    }

    /// <summary><c>vpunpcklbw</c> and <c>vpunpckhbw</c>: bytes in turn from a and b, within each half.</summary>
    internal static (Vector256<byte> Low, Vector256<byte> High) Interleave(Vector256<byte> a, Vector256<byte> b) =>
        Avx2.IsSupported ? (Avx2.UnpackLow(a, b), Avx2.UnpackHigh(a, b)) : PortableInterleave(a, b);

    internal static (Vector256<byte> Low, Vector256<byte> High) PortableInterleave(Vector256<byte> a, Vector256<byte> b)
    {
        var (lowerLow, lowerHigh) = Interleave(a.GetLower(), b.GetLower());
        var (upperLow, upperHigh) = Interleave(a.GetUpper(), b.GetUpper());
        return (Vector256.Create(lowerLow, upperLow), Vector256.Create(lowerHigh, upperHigh));
    }

    static (Vector128<byte> Low, Vector128<byte> High) Interleave(Vector128<byte> a, Vector128<byte> b)
    {
        var (aLow, aHigh) = Vector128.Widen(a);
        var (bLow, bHigh) = Vector128.Widen(b);
        return ((aLow | (bLow << 8)).AsByte(), (aHigh | (bHigh << 8)).AsByte());
    }

    /// <summary>Words 2·pair and 2·pair + 1, and those of 16 flows later.</summary>
    static Vector256<byte> Load(ref byte words, int pair) => Vector256.Create(
        Vector128.LoadUnsafe(ref words, (nuint)(pair * 16)),
        Vector128.LoadUnsafe(ref words, (nuint)((pair * 16) + (Flows / 2 * Rows))));

    static void Store(Vector256<byte> even, Vector256<byte> even2, Vector256<byte> odd, Vector256<byte> odd2,
        ref byte rows, int stride)
    {
        var (evens, evensHigh) = Interleave(even, even2);
        var (odds, oddsHigh) = Interleave(odd, odd2);
        var (row0, row1) = Interleave(evens, odds);
        var (row2, row3) = Interleave(evensHigh, oddsHigh);
        row0.StoreUnsafe(ref rows);
        row1.StoreUnsafe(ref rows, (nuint)stride);
        row2.StoreUnsafe(ref rows, (nuint)(2 * stride));
        row3.StoreUnsafe(ref rows, (nuint)(3 * stride));
    }
}
