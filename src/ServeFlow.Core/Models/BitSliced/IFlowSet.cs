using System.Numerics;

namespace ServeFlow.Models.BitSliced;

/// <summary>
/// A register that holds a set of flows, one bit a flow, or the codes of an eighth as many, one byte a flow. What
/// the kernel needs of a processor, and nothing else.
/// </summary>
/// <typeparam name="TSelf">The register itself.</typeparam>
/// <typeparam name="TTable">A table of leaf digits by code, in as many registers as it takes.</typeparam>
unsafe interface IFlowSet<TSelf, TTable> : IBitwiseOperators<TSelf, TSelf, TSelf>
    where TSelf : unmanaged, IFlowSet<TSelf, TTable>
    where TTable : unmanaged
{
    /// <summary>Gets the number of bytes of a register: flows are taken eight times as many at once.</summary>
    static abstract int Bytes { get; }

    /// <summary>Gets the number of bits of a leaf's code: tables have 2 to this power entries.</summary>
    static abstract int CodeBits { get; }

    static abstract TSelf Load(byte* from);

    static abstract void Store(TSelf value, byte* to);

    /// <summary>Gets the flows of <paramref name="a"/> that are not in <paramref name="b"/>.</summary>
    static abstract TSelf Except(TSelf a, TSelf b);

    /// <summary>Turns planes of code bits into eight registers of codes. Byte i of register j becomes the code of
    /// flow 8 · i + j: flows stand in this order until their scores are done.</summary>
    static abstract void ToCodes(in CodePlanes<TSelf> planes, byte* codes);

    static abstract TTable LoadTable(byte* table);

    /// <summary>Returns the table's byte at each code.</summary>
    static abstract TSelf Find(TTable table, TSelf codes);

    /// <summary>Adds bytes to 16-bit sums: as pairs to the first register, upper bytes alone to the second.</summary>
    static abstract void AddBytes(ref TSelf pairs, ref TSelf uppers, TSelf bytes);
}

/// <summary>Code bits of a set of flows, a plane a bit.</summary>
struct CodePlanes<TSet>
{
    public TSet Bit0, Bit1, Bit2, Bit3, Bit4;

    /// <summary>Unused where codes have five bits.</summary>
    public TSet Bit5;
}
