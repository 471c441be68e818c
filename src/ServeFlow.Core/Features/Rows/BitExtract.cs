using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ServeFlow.Features.Rows;

/// <summary>Packs chosen bits of a word side by side: <c>pext</c>.</summary>
static class BitExtract
{
    const int Amd = 0x444d_4163; // "cAMD", the last letters of the vendor's name
    const int Hygon = 0x656e_6975; // "uine": AMD's first Zen by another name

    /// <summary>The first family of these processors that does not take the instruction apart, bit by bit.</summary>
    const int Zen3 = 0x19;

    /// <summary>Gets whether the processor does it in one step.</summary>
    public static bool IsFast { get; } = Bmi2.X64.IsSupported && !IsTakenApart();

    /// <summary>Moves the bits of <paramref name="value"/> that are set in <paramref name="mask"/> to the lowest
    /// places, in their order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extract(ulong value, ulong mask) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitExtract(value, mask) : Portable(value, mask);

    internal static ulong Portable(ulong value, ulong mask)
    {
        var (packed, place) = (0UL, 0);
        for (; mask != 0; mask &= mask - 1)
        {
            packed |= ((value >> BitOperations.TrailingZeroCount(mask)) & 1) << place++;
        }

        return packed;
    }

    static bool IsTakenApart()
    {
        var (_, _, vendor, _) = X86Base.CpuId(0, 0);
        var (version, _, _, _) = X86Base.CpuId(1, 0);
        return vendor is Amd or Hygon && ((version >> 8) & 0xf) + ((version >> 20) & 0xff) < Zen3;
    }
}
