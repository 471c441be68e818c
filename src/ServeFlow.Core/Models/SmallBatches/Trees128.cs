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

    public static void Widen(Trees128 value, ushort* to)
    {
        var (lower, upper) = Vector128.Widen(value.bytes);
        Vector128.Store(lower, to);
        Vector128.Store(upper, to + Vector128<ushort>.Count);
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
        var isNo = Vector128.Equals(answers.bytes & bits.bytes, Vector128<byte>.Zero);
        var goesRight = Vector128.AndNot(Vector128.Equals(leaves.bytes, first.bytes), isNo);
        return new(Vector128.ConditionalSelect(goesRight, right.bytes, leaves.bytes));
    }

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
