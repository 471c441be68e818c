using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ServeFlow.Models.BitSliced;

/// <summary>512 flows in two of AVX2's registers: one walk over the branches for both, which do not wait for each
/// other.</summary>
readonly unsafe struct Flows2x256 : IFlowSet<Flows2x256, Table256>
{
    readonly Vector256<byte> low;
    readonly Vector256<byte> high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Flows2x256(Vector256<byte> low, Vector256<byte> high)
    {
        this.low = low;
        this.high = high;
    }

    public static int Bytes => 2 * Flows256.Bytes;

    public static int CodeBits => Flows256.CodeBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flows2x256 operator &(Flows2x256 a, Flows2x256 b) => new(a.low & b.low, a.high & b.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flows2x256 operator |(Flows2x256 a, Flows2x256 b) => new(a.low | b.low, a.high | b.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flows2x256 operator ^(Flows2x256 a, Flows2x256 b) => new(a.low ^ b.low, a.high ^ b.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flows2x256 operator ~(Flows2x256 a) => new(~a.low, ~a.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flows2x256 Load(byte* from) => new(Vector256.Load(from), Vector256.Load(from + 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Flows2x256 value, byte* to)
    {
        Vector256.Store(value.low, to);
        Vector256.Store(value.high, to + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flows2x256 Except(Flows2x256 a, Flows2x256 b) =>
        new(Vector256.AndNot(a.low, b.low), Vector256.AndNot(a.high, b.high));

    public static void ToCodes(in CodePlanes<Flows2x256> planes, byte* codes)
    {
        Flows256.ToCodes(new(planes.Bit0.low), new(planes.Bit1.low), new(planes.Bit2.low), new(planes.Bit3.low),
            new(planes.Bit4.low), codes, Bytes);
        Flows256.ToCodes(new(planes.Bit0.high), new(planes.Bit1.high), new(planes.Bit2.high), new(planes.Bit3.high),
            new(planes.Bit4.high), codes + Flows256.Bytes, Bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Table256 LoadTable(byte* table) => Flows256.LoadTable(table);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flows2x256 Find(Table256 table, Flows2x256 codes) =>
        new(Flows256.Find(table, codes.low), Flows256.Find(table, codes.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddBytes(ref Flows2x256 pairs, ref Flows2x256 uppers, Flows2x256 bytes)
    {
        pairs = new((pairs.low.AsUInt16() + bytes.low.AsUInt16()).AsByte(),
            (pairs.high.AsUInt16() + bytes.high.AsUInt16()).AsByte());
        uppers = new((uppers.low.AsUInt16() + (bytes.low.AsUInt16() >>> 8)).AsByte(),
            (uppers.high.AsUInt16() + (bytes.high.AsUInt16() >>> 8)).AsByte());
    }
}
