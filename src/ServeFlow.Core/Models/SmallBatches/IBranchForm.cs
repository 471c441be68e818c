using System.Runtime.CompilerServices;

namespace ServeFlow.Models.SmallBatches;

/// <summary>Lays a step in memory: one branch of each tree of a register.</summary>
unsafe interface IBranchForm
{
    /// <summary>Gets the registers of a step.</summary>
    static abstract int Registers { get; }

    /// <summary>Gets the bits below a leaf's number in its byte. They are set in the leaf that a flow has come to, so
    /// that it compares as its number does.</summary>
    static abstract int LeafShift { get; }

    /// <summary>Gets the bit of each tree's answer.</summary>
    static abstract TSet Bits<TSet>(byte* step)
        where TSet : unmanaged, ITreeSet<TSet>;

    /// <summary>Gets the byte of each branch's first leaf.</summary>
    static abstract TSet First<TSet>(byte* step)
        where TSet : unmanaged, ITreeSet<TSet>;
}

/// <summary>Has three registers: the number of the byte with the answer, its bit, the first leaf.</summary>
readonly unsafe struct WideBranches : IBranchForm
{
    public static int Registers => 3;

    public static int LeafShift => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSet Bits<TSet>(byte* step)
        where TSet : unmanaged, ITreeSet<TSet> => TSet.Load(step + TSet.Trees);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSet First<TSet>(byte* step)
        where TSet : unmanaged, ITreeSet<TSet> => TSet.Load(step + (2 * TSet.Trees));
}

/// <summary>
/// Has two registers, for trees of 32 leaves at most: the number of the byte with the answer; and the first leaf, below
/// which stands the number of the answer's bit. A single flow waits for the second cache, where the branches are: a
/// third less of them is worth the look-up of the bit.
/// </summary>
readonly unsafe struct NarrowBranches : IBranchForm
{
    public static int Registers => 2;

    public static int LeafShift => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSet Bits<TSet>(byte* step)
        where TSet : unmanaged, ITreeSet<TSet> => TSet.BitOf(TSet.Load(step + TSet.Trees));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSet First<TSet>(byte* step)
        where TSet : unmanaged, ITreeSet<TSet> => TSet.Load(step + TSet.Trees);
}
