using System.Runtime.CompilerServices;

namespace ServeFlow.Models.SmallBatches;

/// <summary>Two tables as one of twice the size: the highest bit of a byte's number tells which.</summary>
readonly unsafe struct TablePair<TTable, TSet> : IAnswerTable<TablePair<TTable, TSet>, TSet>
    where TTable : unmanaged, IAnswerTable<TTable, TSet>
    where TSet : unmanaged, ITreeSet<TSet>
{
    const int HighestBit = 7;

    readonly TTable low;
    readonly TTable high;

    TablePair(TTable low, TTable high) => (this.low, this.high) = (low, high);

    public static int IndexBits => TTable.IndexBits + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TablePair<TTable, TSet> Load(byte* answers) =>
        new(TTable.Load(answers), TTable.Load(answers + (1 << TTable.IndexBits)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSet Find(TSet numbers)
    {
        var inTable = TTable.IndexBits == HighestBit ? TSet.WithoutHighestBit(numbers) : numbers;
        return TSet.Choose(numbers, TTable.IndexBits, high.Find(inTable), low.Find(inTable));
    }
}
