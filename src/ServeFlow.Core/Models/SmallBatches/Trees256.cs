using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Models.SmallBatches;

/// <summary>32 trees: AVX2's registers.</summary>
readonly unsafe struct Trees256(Vector256<byte> bytes) : ITreeSet<Trees256>
{
    readonly Vector256<byte> bytes = bytes;

    public static int Trees => Vector256<byte>.Count;

    public static Trees256 Load(byte* from) => new(Vector256.Load(from));

    public static void Widen(Trees256 value, int shift, ushort* to)
    {
        var (lower, upper) = Vector256.Widen(value.bytes);
        Vector256.Store(lower >> shift, to);
        Vector256.Store(upper >> shift, to + Vector256<ushort>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees256 Choose(Trees256 selector, int bit, Trees256 whenSet, Trees256 whenClear) =>
        new(Blend((selector.bytes.AsUInt16() << (7 - bit)).AsByte(), whenSet.bytes, whenClear.bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees256 WithoutHighestBit(Trees256 value) => new(value.bytes & Vector256.Create((byte)0x7f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees256 Advance(Trees256 leaves, Trees256 answers, Trees256 bits, Trees256 first, Trees256 right)
    {
        var isBefore = Vector256.SubtractSaturate(first.bytes, leaves.bytes);
        var stays = isBefore | Vector256.AndNot(bits.bytes, answers.bytes);
        return new(Blend(Vector256.Equals(stays, Vector256<byte>.Zero), right.bytes, leaves.bytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees256 BitOf(Trees256 numbers) => new(Flows256.Shuffle(
        Vector256.Create(0x8040_2010_0804_0201).AsByte(), numbers.bytes & Vector256.Create((byte)7)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees256 Create(byte value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees256 Add(Trees256 left, Trees256 right) => new(left.bytes + right.bytes);

    /// <summary><c>vpblendvb</c>: bytes of the first where the selector's highest bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<byte> Blend(Vector256<byte> selector, Vector256<byte> whenSet,
        Vector256<byte> whenClear) =>
        Avx2.IsSupported
            ? Avx2.BlendVariable(whenClear, whenSet, selector)
            : PortableBlend(selector, whenSet, whenClear);

    internal static Vector256<byte> PortableBlend(Vector256<byte> selector, Vector256<byte> whenSet,
        Vector256<byte> whenClear)
    {
        var chosen = Vector256.LessThan(selector.AsSByte(), Vector256<sbyte>.Zero).AsByte();
        return Vector256.ConditionalSelect(chosen, whenSet, whenClear);
    }

    /// <summary>16 bytes of answers in both halves of a register: what <c>vpshufb</c> can look up.</summary>
    public readonly struct Table(Vector256<byte> answers) : IAnswerTable<Table, Trees256>
    {
        readonly Vector256<byte> answers = answers;

        public static int IndexBits => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Table Load(byte* answers)
        {
            var half = Vector128.Load(answers);
            return new(Vector256.Create(half, half));
        }

        /// <summary>No number has its highest bit set, so that none finds the 0 of <c>vpshufb</c>.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Trees256 Find(Trees256 numbers) => new(Flows256.Shuffle(answers, numbers.bytes));
    }
}
