using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Models.SmallBatches;

/// <summary>
/// 64 trees: AVX-512's registers. Written in the portable interface, so that it runs and is tested everywhere; VBMI's
/// look-ups stand in functions of their own beside exact portable equivalents.
/// </summary>
readonly unsafe struct Trees512(Vector512<byte> bytes) : ITreeSet<Trees512>
{
    readonly Vector512<byte> bytes = bytes;

    public static int Trees => Vector512<byte>.Count;

    public static Trees512 Load(byte* from) => new(Vector512.Load(from));

    public static void Widen(Trees512 value, int shift, ushort* to)
    {
        var (lower, upper) = Vector512.Widen(value.bytes);
        Vector512.Store(lower >> shift, to);
        Vector512.Store(upper >> shift, to + Vector512<ushort>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees512 Choose(Trees512 selector, int bit, Trees512 whenSet, Trees512 whenClear)
    {
        var chosen = Vector512.LessThan((selector.bytes.AsUInt16() << (7 - bit)).AsSByte(), Vector512<sbyte>.Zero);
        return new(Vector512.ConditionalSelect(chosen.AsByte(), whenSet.bytes, whenClear.bytes));
    }

    /// <summary><c>vpermb</c> and <c>vpermi2b</c> do not look at it.</summary>
    public static Trees512 WithoutHighestBit(Trees512 value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees512 Advance(Trees512 leaves, Trees512 answers, Trees512 bits, Trees512 first, Trees512 right)
    {
        var isBefore = Vector512.SubtractSaturate(first.bytes, leaves.bytes);
        var stays = isBefore | Vector512.AndNot(bits.bytes, answers.bytes);
        return new(Vector512.ConditionalSelect(Vector512.Equals(stays, Vector512<byte>.Zero), right.bytes,
            leaves.bytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees512 BitOf(Trees512 numbers) =>
        new(Flows512.Permute(Vector512.Create(0x8040_2010_0804_0201).AsByte(), numbers.bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees512 Create(byte value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees512 Add(Trees512 left, Trees512 right) => new(left.bytes + right.bytes);

    /// <summary><c>vpermi2b</c>: the entry of each byte's low seven bits.</summary>
    internal static Vector512<byte> Permute(Vector512<byte> low, Vector512<byte> high, Vector512<byte> numbers) =>
        Avx512Vbmi.IsSupported
            ? Avx512Vbmi.PermuteVar64x8x2(low, numbers, high)
            : PortablePermute(low, high, numbers);

    internal static Vector512<byte> PortablePermute(Vector512<byte> low, Vector512<byte> high,
        Vector512<byte> numbers)
    {
        var isHigh = Vector512.LessThan((numbers.AsUInt16() << 1).AsSByte(), Vector512<sbyte>.Zero).AsByte();
        return Vector512.ConditionalSelect(isHigh, Flows512.PortablePermute(high, numbers),
            Flows512.PortablePermute(low, numbers));
    }

    /// <summary>64 bytes of answers: what <c>vpermb</c> can look up.</summary>
    public readonly struct Table(Vector512<byte> answers) : IAnswerTable<Table, Trees512>
    {
        readonly Vector512<byte> answers = answers;

        public static int IndexBits => 6;

        public static Table Load(byte* answers) => new(Vector512.Load(answers));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Trees512 Find(Trees512 numbers) => new(Flows512.Permute(answers, numbers.bytes));
    }

    /// <summary>128 bytes of answers: what <c>vpermi2b</c> can look up.</summary>
    public readonly struct WideTable(Vector512<byte> low, Vector512<byte> high) : IAnswerTable<WideTable, Trees512>
    {
        readonly Vector512<byte> low = low;
        readonly Vector512<byte> high = high;

        public static int IndexBits => 7;

        public static WideTable Load(byte* answers) => new(Vector512.Load(answers), Vector512.Load(answers + 64));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Trees512 Find(Trees512 numbers) => new(Permute(low, high, numbers.bytes));
    }
}
