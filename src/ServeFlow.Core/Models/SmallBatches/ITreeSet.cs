namespace ServeFlow.Models.SmallBatches;

/// <summary>
/// A register of trees, one byte a tree. What the kernel needs of a processor, and nothing else.
/// </summary>
unsafe interface ITreeSet<TSelf>
    where TSelf : unmanaged, ITreeSet<TSelf>
{
    /// <summary>Gets the number of trees of a register, which is also its bytes.</summary>
    static abstract int Trees { get; }

    static abstract TSelf Load(byte* from);

    /// <summary>Stores the bytes, shifted to the right, as numbers of 16 bits.</summary>
    static abstract void Widen(TSelf value, int shift, ushort* to);

    /// <summary>Takes each byte from <paramref name="whenSet"/> where the selector's byte has the bit set, else from
    /// <paramref name="whenClear"/>.</summary>
    static abstract TSelf Choose(TSelf selector, int bit, TSelf whenSet, TSelf whenClear);

    /// <summary>Clears the highest bit of each byte where a table's look-up would heed it.</summary>
    static abstract TSelf WithoutHighestBit(TSelf value);

    /// <summary>Lets the flow take one branch of each tree: where the tree's leaf is <paramref name="first"/> or one on
    /// its right, and <paramref name="answers"/> has one of <paramref name="bits"/>, it becomes
    /// <paramref name="right"/>.</summary>
    static abstract TSelf Advance(TSelf leaves, TSelf answers, TSelf bits, TSelf first, TSelf right);

    /// <summary>Gets, for each byte, a byte with one bit: that of the number in the lowest three bits.</summary>
    static abstract TSelf BitOf(TSelf numbers);

    /// <summary>Gets a register of the same byte for each tree.</summary>
    static abstract TSelf Create(byte value);

    /// <summary>Adds byte by byte, without carry.</summary>
    static abstract TSelf Add(TSelf left, TSelf right);
}

/// <summary>A flow's answers in registers, to be looked up by the number of a byte.</summary>
unsafe interface IAnswerTable<TSelf, TSet>
    where TSelf : unmanaged, IAnswerTable<TSelf, TSet>
    where TSet : unmanaged, ITreeSet<TSet>
{
    /// <summary>Gets the bits of a byte's number: the table holds 2 to this power bytes.</summary>
    static abstract int IndexBits { get; }

    static abstract TSelf Load(byte* answers);

    /// <summary>Finds, for each tree, the byte of answers that has this number.</summary>
    TSet Find(TSet numbers);
}
