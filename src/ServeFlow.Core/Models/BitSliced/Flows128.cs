using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ServeFlow.Models.BitSliced;

/// <summary>Two tables of 16 entries: what a byte shuffle can look up.</summary>
readonly record struct Table128(Vector128<byte> Low, Vector128<byte> High);

/// <summary>128 flows: what every processor has, by the portable interface alone.</summary>
readonly unsafe struct Flows128(Vector128<byte> bits) : IFlowSet<Flows128, Table128>
{
    readonly Vector128<byte> bits = bits;

    public static int Bytes => 16;

    public static int CodeBits => 5;

    public static Flows128 operator &(Flows128 a, Flows128 b) => new(a.bits & b.bits);

    public static Flows128 operator |(Flows128 a, Flows128 b) => new(a.bits | b.bits);

    public static Flows128 operator ^(Flows128 a, Flows128 b) => new(a.bits ^ b.bits);

    public static Flows128 operator ~(Flows128 a) => new(~a.bits);

    public static Flows128 Load(byte* from) => new(Vector128.Load(from));

    public static void Store(Flows128 value, byte* to) => Vector128.Store(value.bits, to);

    public static Flows128 Except(Flows128 a, Flows128 b) => new(Vector128.AndNot(a.bits, b.bits));

    /// <summary>
    /// Two stages of a bit transpose across four planes leave two codes of four bits in each byte; the fifth bit
    /// joins them as the byte's highest.
    /// </summary>
    public static void ToCodes(in CodePlanes<Flows128> planes, byte* codes)
    {
        var (a, b) = Swap(planes.Bit0.bits, planes.Bit1.bits, 1, 0x55);
        var (c, d) = Swap(planes.Bit2.bits, planes.Bit3.bits, 1, 0x55);
        var (r0, r2) = Swap(a, c, 2, 0x33);
        var (r1, r3) = Swap(b, d, 2, 0x33);
        var top = planes.Bit4.bits.AsUInt16();
        Join(r0, top << 7, top << 3, codes);
        Join(r1, top << 6, top << 2, codes + Bytes);
        Join(r2, top << 5, top << 1, codes + (2 * Bytes));
        Join(r3, top << 4, top, codes + (3 * Bytes));
    }

    public static Table128 LoadTable(byte* table) =>
        new(Vector128.Load(table), Vector128.Load(table + 16));

    /// <summary>A code whose highest bit is set finds 0 in the lower table, any other 0 in the upper one.</summary>
    public static Flows128 Find(Table128 table, Flows128 codes) =>
        new(Shuffle(table.Low, codes.bits) | Shuffle(table.High, codes.bits ^ Vector128.Create((byte)0x80)));

    public static void AddBytes(ref Flows128 pairs, ref Flows128 uppers, Flows128 bytes)
    {
        pairs = new((pairs.bits.AsUInt16() + bytes.bits.AsUInt16()).AsByte());
        uppers = new((uppers.bits.AsUInt16() + (bytes.bits.AsUInt16() >>> 8)).AsByte());
    }

    /// <summary>Returns the entry of the byte's low four bits, 0 where its highest bit is set.</summary>
    internal static Vector128<byte> Shuffle(Vector128<byte> table, Vector128<byte> codes) => Vector128.AndNot(
        Vector128.Shuffle(table, codes & Vector128.Create((byte)0x0f)),
        Vector128.ShiftRightArithmetic(codes.AsSByte(), 7).AsByte());

    /// <summary>Exchanges the bits of a at <c>mask &lt;&lt; shift</c> for those of b at the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector128<byte> A, Vector128<byte> B) Swap(Vector128<byte> a, Vector128<byte> b, int shift, byte mask)
    {
        var moved = ((a.AsUInt16() >>> shift).AsByte() ^ b) & Vector128.Create(mask);
        return (a ^ (moved.AsUInt16() << shift).AsByte(), b ^ moved);
    }

    /// <summary>Low halves of bytes are codes of the first four registers, high halves of the last four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Join(Vector128<byte> nibbles, Vector128<ushort> top, Vector128<ushort> topOfHigh, byte* codes)
    {
        var (low, highest) = (Vector128.Create((byte)0x0f), Vector128.Create((byte)0x80));
        Vector128.Store((nibbles & low) | (top.AsByte() & highest), codes);
        Vector128.Store(((nibbles.AsUInt16() >>> 4).AsByte() & low) | (topOfHigh.AsByte() & highest),
            codes + (4 * Bytes));
    }
}
