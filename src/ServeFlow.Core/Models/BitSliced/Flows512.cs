using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServeFlow.Models.BitSliced;

/// <summary>
/// 512 flows: AVX-512's registers. Written in the portable interface, so that it runs and is tested everywhere; the
/// three instructions that make it fast stand in functions of their own beside exact portable equivalents.
/// </summary>
readonly unsafe struct Flows512(Vector512<byte> bits) : IFlowSet<Flows512, Vector512<byte>>
{
    readonly Vector512<byte> bits = bits;

    public static int Bytes => 64;

    public static int CodeBits => 6;

    public static Flows512 operator &(Flows512 a, Flows512 b) => new(a.bits & b.bits);

    public static Flows512 operator |(Flows512 a, Flows512 b) => new(a.bits | b.bits);

    public static Flows512 operator ^(Flows512 a, Flows512 b) => new(a.bits ^ b.bits);

    public static Flows512 operator ~(Flows512 a) => new(~a.bits);

    public static Flows512 Load(byte* from) => new(Vector512.Load(from));

    public static void Store(Flows512 value, byte* to) => Vector512.Store(value.bits, to);

    public static Flows512 Except(Flows512 a, Flows512 b) => new(Vector512.AndNot(a.bits, b.bits));

    /// <summary>
    /// Three stages of a bit transpose across eight planes, of which the last two are empty: byte i of register j is
    /// then the code of flow 8 · i + j.
    /// </summary>
    public static void ToCodes(in CodePlanes<Flows512> planes, byte* codes)
    {
        var (a0, a1) = Swap(planes.Bit0.bits, planes.Bit1.bits, 1, 0x55);
        var (a2, a3) = Swap(planes.Bit2.bits, planes.Bit3.bits, 1, 0x55);
        var (a4, a5) = Swap(planes.Bit4.bits, planes.Bit5.bits, 1, 0x55);
        var (b0, b2) = Swap(a0, a2, 2, 0x33);
        var (b1, b3) = Swap(a1, a3, 2, 0x33);
        var (b4, b6) = Swap(a4, default, 2, 0x33);
        var (b5, b7) = Swap(a5, default, 2, 0x33);
        StoreSwapped(b0, b4, codes);
        StoreSwapped(b1, b5, codes + Bytes);
        StoreSwapped(b2, b6, codes + (2 * Bytes));
        StoreSwapped(b3, b7, codes + (3 * Bytes));
    }

    public static Vector512<byte> LoadTable(byte* table) => Vector512.Load(table);

    public static Flows512 Find(Vector512<byte> table, Flows512 codes) => new(Permute(table, codes.bits));

    public static void AddBytes(ref Flows512 pairs, ref Flows512 uppers, Flows512 bytes)
    {
        pairs = new((pairs.bits.AsUInt16() + bytes.bits.AsUInt16()).AsByte());
        uppers = new((uppers.bits.AsUInt16() + (bytes.bits.AsUInt16() >>> 8)).AsByte());
    }

    /// <summary><c>vpermb</c>: the table's entry of each byte's low six bits.</summary>
    internal static Vector512<byte> Permute(Vector512<byte> table, Vector512<byte> codes) => Avx512Vbmi.IsSupported
        ? Avx512Vbmi.PermuteVar64x8(table, codes)
        : PortablePermute(table, codes);

    internal static Vector512<byte> PortablePermute(Vector512<byte> table, Vector512<byte> codes) =>
        Vector512.Shuffle(table, codes & Vector512.Create((byte)63));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreSwapped(Vector512<byte> a, Vector512<byte> b, byte* codes)
    {
        (a, b) = Swap(a, b, 4, 0x0f);
        Vector512.Store(a, codes);
        Vector512.Store(b, codes + (4 * Bytes));
    }

    /// <summary>Exchanges the bits of a at <c>mask &lt;&lt; shift</c> for those of b at the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector512<byte> A, Vector512<byte> B) Swap(Vector512<byte> a, Vector512<byte> b, int shift, byte mask)
    {
        var moved = ((a.AsUInt16() >>> shift).AsByte() ^ b) & Vector512.Create(mask);
        return (a ^ (moved.AsUInt16() << shift).AsByte(), b ^ moved);
    }
}
