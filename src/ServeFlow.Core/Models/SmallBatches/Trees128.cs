using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Models.SmallBatches;

/// <summary>16 trees: what every processor has, by the portable interface alone.</summary>
readonly unsafe struct Trees128(Vector128<byte> bytes) : ITreeSet<Trees128>
{
    readonly Vector128<byte> bytes = bytes;

    public static int Trees => Vector128<byte>.Count;

    public static Trees128 Load(byte* from) => new(Vector128.Load(from));

    public static void Widen(Trees128 value, int shift, ushort* to)
    {
        var (lower, upper) = Vector128.Widen(value.bytes);
        Vector128.Store(lower >> shift, to);
        Vector128.Store(upper >> shift, to + Vector128<ushort>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees128 Choose(Trees128 selector, int bit, Trees128 whenSet, Trees128 whenClear)
    {
        var chosen = Vector128.LessThan((selector.bytes.AsUInt16() << (7 - bit)).AsSByte(), Vector128<sbyte>.Zero);
        return new(Vector128.ConditionalSelect(chosen.AsByte(), whenSet.bytes, whenClear.bytes));
    }

    public static Trees128 WithoutHighestBit(Trees128 value) => new(value.bytes & Vector128.Create((byte)0x7f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees128 Advance(Trees128 leaves, Trees128 answers, Trees128 bits, Trees128 first, Trees128 right)
    {
        var isBefore = Vector128.SubtractSaturate(first.bytes, leaves.bytes);
        var stays = isBefore | Vector128.AndNot(bits.bytes, answers.bytes);
        return new(Vector128.ConditionalSelect(Vector128.Equals(stays, Vector128<byte>.Zero), right.bytes,
            leaves.bytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees128 BitOf(Trees128 numbers) => new(Flows128.Shuffle(
        Vector128.Create(0x8040_2010_0804_0201).AsByte(), numbers.bytes & Vector128.Create((byte)7)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees128 Create(byte value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Trees128 Add(Trees128 left, Trees128 right) => new(left.bytes + right.bytes);

    /// <summary>16 bytes of answers: what a byte shuffle can look up.</summary>
    public readonly struct Table(Vector128<byte> answers) : IAnswerTable<Table, Trees128>
    {
        readonly Vector128<byte> answers = answers;

        public static int IndexBits => 4;

        public static Table Load(byte* answers) => new(Vector128.Load(answers));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Trees128 Find(Trees128 numbers) => new(Flows128.Shuffle(answers, numbers.bytes));
    }
}
