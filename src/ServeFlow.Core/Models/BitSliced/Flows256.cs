using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServeFlow.Models.BitSliced;

/// <summary>Two tables of 16 entries, each in both halves of a register: what <c>vpshufb</c> can look up.</summary>
readonly record struct Table256(Vector256<byte> Low, Vector256<byte> High);

/// <summary>256 flows: AVX2's registers.</summary>
readonly unsafe struct Flows256(Vector256<byte> bits) : IFlowSet<Flows256, Table256>
{
    readonly Vector256<byte> bits = bits;

    public static int Bytes => 32;

    public static int CodeBits => 5;

    public static Flows256 operator &(Flows256 a, Flows256 b) => new(a.bits & b.bits);

    public static Flows256 operator |(Flows256 a, Flows256 b) => new(a.bits | b.bits);

    public static Flows256 operator ^(Flows256 a, Flows256 b) => new(a.bits ^ b.bits);

    public static Flows256 operator ~(Flows256 a) => new(~a.bits);

    public static Flows256 Load(byte* from) => new(Vector256.Load(from));

    public static void Store(Flows256 value, byte* to) => Vector256.Store(value.bits, to);

    public static Flows256 Except(Flows256 a, Flows256 b) => new(Vector256.AndNot(a.bits, b.bits));

    /// <summary>
    /// Two stages of a bit transpose across four planes leave two codes of four bits in each byte; the fifth bit
    /// joins them as the byte's highest, which <c>vpshufb</c> asks for.
    /// </summary>
    public static void ToCodes(in CodePlanes<Flows256> planes, byte* codes) =>
        ToCodes(planes.Bit0, planes.Bit1, planes.Bit2, planes.Bit3, planes.Bit4, codes, Bytes);

    /// <param name="stride">Bytes from a register of codes to the next.</param>
    public static void ToCodes(Flows256 bit0, Flows256 bit1, Flows256 bit2, Flows256 bit3, Flows256 bit4, byte* codes,
        int stride)
    {
        var (a, b) = Swap(bit0.bits, bit1.bits, 1, 0x55);
        var (c, d) = Swap(bit2.bits, bit3.bits, 1, 0x55);
        var (r0, r2) = Swap(a, c, 2, 0x33);
        var (r1, r3) = Swap(b, d, 2, 0x33);
        var top = bit4.bits.AsUInt16();
        Join(r0, top << 7, top << 3, codes, stride);
        Join(r1, top << 6, top << 2, codes + stride, stride);
        Join(r2, top << 5, top << 1, codes + (2 * stride), stride);
        Join(r3, top << 4, top, codes + (3 * stride), stride);
    }

    public static Table256 LoadTable(byte* table)
    {
        var (low, high) = (Vector128.Load(table), Vector128.Load(table + 16));
        return new(Vector256.Create(low, low), Vector256.Create(high, high));
    }

    /// <summary>A code whose highest bit is set finds 0 in the lower table, any other 0 in the upper one.</summary>
    public static Flows256 Find(Table256 table, Flows256 codes) => new(Find(table, codes.bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<byte> Find(Table256 table, Vector256<byte> codes) =>
        Shuffle(table.Low, codes) | Shuffle(table.High, codes ^ Vector256.Create((byte)0x80));

    public static void AddBytes(ref Flows256 pairs, ref Flows256 uppers, Flows256 bytes)
    {
        pairs = new((pairs.bits.AsUInt16() + bytes.bits.AsUInt16()).AsByte());
        uppers = new((uppers.bits.AsUInt16() + (bytes.bits.AsUInt16() >>> 8)).AsByte());
    }

    /// <summary><c>vpshufb</c>: the entry of the byte's low four bits, 0 where its highest bit is set.</summary>
    internal static Vector256<byte> Shuffle(Vector256<byte> table, Vector256<byte> codes) => Avx2.IsSupported
        ? Avx2.Shuffle(table, codes)
        : PortableShuffle(table, codes);

    internal static Vector256<byte> PortableShuffle(Vector256<byte> table, Vector256<byte> codes) => Vector256.Create(
        Flows128.Shuffle(table.GetLower(), codes.GetLower()), Flows128.Shuffle(table.GetUpper(), codes.GetUpper()));

    /// <summary>Exchanges the bits of a at <c>mask &lt;&lt; shift</c> for those of b at the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector256<byte> A, Vector256<byte> B) Swap(Vector256<byte> a, Vector256<byte> b, int shift, byte mask)
    {
        var moved = ((a.AsUInt16() >>> shift).AsByte() ^ b) & Vector256.Create(mask);
        return (a ^ (moved.AsUInt16() << shift).AsByte(), b ^ moved);
    }

    /// <summary>Low halves of bytes are codes of the first four registers, high halves of the last four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Join(Vector256<byte> nibbles, Vector256<ushort> top, Vector256<ushort> topOfHigh, byte* codes,
        int stride)
    {
        var (low, highest) = (Vector256.Create((byte)0x0f), Vector256.Create((byte)0x80));
        Vector256.Store((nibbles & low) | (top.AsByte() & highest), codes);
        Vector256.Store(((nibbles.AsUInt16() >>> 4).AsByte() & low) | (topOfHigh.AsByte() & highest),
            codes + (4 * stride));
    }
}
