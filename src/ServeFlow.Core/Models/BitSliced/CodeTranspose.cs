using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServeFlow.Models.BitSliced;

/// <summary>Turns five planes of one bit a flow into one byte a flow.</summary>
static unsafe class CodeTranspose
{
    const int PlaneBytes = BitSlicedForest.PlaneBytes;

    /// <param name="planes">[5 × 64 bytes].</param>
    /// <param name="count">Flows whose codes are wanted; those of later ones may be anything.</param>
    /// <param name="codes">[512] receives each flow's code.</param>
    public static void ToBytes(byte* planes, int count, byte* codes)
    {
        for (var at = 0; at * 8 < count; at += Vector256<byte>.Count / 2)
        {
            Interleave(planes + at, codes + (at * 8));
        }
    }

    /// <summary>
    /// 16 bytes of each plane are 128 flows. Interleaved, each 64-bit lane holds one byte of every plane, which is
    /// an 8 × 8 bit matrix; transposed, it holds one byte of every flow.
    /// </summary>
    static void Interleave(byte* planes, byte* codes)
    {
        var p0 = Vector128.Load(planes);
        var p1 = Vector128.Load(planes + PlaneBytes);
        var p2 = Vector128.Load(planes + (2 * PlaneBytes));
        var p3 = Vector128.Load(planes + (3 * PlaneBytes));
        var p4 = Vector128.Load(planes + (4 * PlaneBytes));
        var zero = Vector128<byte>.Zero;
        var (low01, high01) = (UnpackLow(p0, p1), UnpackHigh(p0, p1));
        var (low23, high23) = (UnpackLow(p2, p3), UnpackHigh(p2, p3));
        Half(low01, low23, UnpackLow(p4, zero), codes);
        Half(high01, high23, UnpackHigh(p4, zero), codes + 64);
    }

    static void Half(Vector128<byte> p01, Vector128<byte> p23, Vector128<byte> p4, byte* codes)
    {
        var zero = Vector128<ushort>.Zero;
        var low = UnpackLow(p01.AsUInt16(), p23.AsUInt16());
        var high = UnpackHigh(p01.AsUInt16(), p23.AsUInt16());
        var low4 = UnpackLow(p4.AsUInt16(), zero);
        var high4 = UnpackHigh(p4.AsUInt16(), zero);
        Store(UnpackLow(low.AsUInt32(), low4.AsUInt32()), UnpackHigh(low.AsUInt32(), low4.AsUInt32()), codes);
        Store(UnpackLow(high.AsUInt32(), high4.AsUInt32()), UnpackHigh(high.AsUInt32(), high4.AsUInt32()), codes + 32);
    }

    static void Store(Vector128<uint> low, Vector128<uint> high, byte* codes) =>
        Vector256.Store(Transpose8x8(Vector256.Create(low.AsUInt64(), high.AsUInt64())).AsByte(), codes);

    /// <summary>Transposes the 8 × 8 bit matrix in each lane by swapping ever smaller blocks.</summary>
    static Vector256<ulong> Transpose8x8(Vector256<ulong> x)
    {
        x = Swap(x, 7, 0x00AA00AA00AA00AA);
        x = Swap(x, 14, 0x0000CCCC0000CCCC);
        return Swap(x, 28, 0x00000000F0F0F0F0);
    }

    static Vector256<ulong> Swap(Vector256<ulong> x, int shift, ulong mask)
    {
        var moved = (x ^ (x >>> shift)) & Vector256.Create(mask);
        return x ^ moved ^ (moved << shift);
    }

    static Vector128<byte> UnpackLow(Vector128<byte> a, Vector128<byte> b) => Sse2.IsSupported
        ? Sse2.UnpackLow(a, b)
        : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipLow(a, b);

    static Vector128<byte> UnpackHigh(Vector128<byte> a, Vector128<byte> b) => Sse2.IsSupported
        ? Sse2.UnpackHigh(a, b)
        : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipHigh(a, b);

    static Vector128<ushort> UnpackLow(Vector128<ushort> a, Vector128<ushort> b) => Sse2.IsSupported
        ? Sse2.UnpackLow(a, b)
        : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipLow(a, b);

    static Vector128<ushort> UnpackHigh(Vector128<ushort> a, Vector128<ushort> b) => Sse2.IsSupported
        ? Sse2.UnpackHigh(a, b)
        : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipHigh(a, b);

    static Vector128<uint> UnpackLow(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported
        ? Sse2.UnpackLow(a, b)
        : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipLow(a, b);

    static Vector128<uint> UnpackHigh(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported
        ? Sse2.UnpackHigh(a, b)
        : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipHigh(a, b);
}
