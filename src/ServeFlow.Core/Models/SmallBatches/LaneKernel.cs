using System.Runtime.CompilerServices;

namespace ServeFlow.Models.SmallBatches;

/// <summary>
/// Walks all trees of a forest side by side for a few flows. A byte of a register is a tree: the number of the leftmost
/// leaf that is still possible. A branch whose right side begins with leaf n rules out the leaves from its first up to
/// n where the flow answers yes. Branches have their turn in the order of n, so that the leaf is below n: if it is not
/// below the branch's first, it becomes n. A branch that the flow does not reach changes nothing in the end. It lies on
/// the left of a branch with the answer yes, which has its turn later and rules out all of these leaves; or on the
/// right of one with the answer no, where the leaf never comes to.
/// </summary>
sealed unsafe class LaneKernel<TSet, TTable, TForm>(LaneNodes nodes) : ITreeKernel
    where TSet : unmanaged, ITreeSet<TSet>
    where TTable : unmanaged, IAnswerTable<TTable, TSet>
    where TForm : unmanaged, IBranchForm
{
    static int StepBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TForm.Registers * TSet.Trees;
    }

    /// <summary>Gets the byte of leaf 0: bits below a leaf's number are set, so that it is not below a branch's first.
    /// </summary>
    static TSet Leftmost
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSet.Create((byte)((1 << TForm.LeafShift) - 1));
    }

    static TSet OneLeaf
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSet.Create((byte)(1 << TForm.LeafShift));
    }

    public void FindLeaves(byte* answers, int flows, ushort* leaves)
    {
        var places = nodes.Steps.Length * TSet.Trees;
        for (; flows >= ITreeKernel.BestFlows; flows -= ITreeKernel.BestFlows)
        {
            FindFour(answers, leaves);
            answers += ITreeKernel.BestFlows << TTable.IndexBits;
            leaves += ITreeKernel.BestFlows * places;
        }

        for (var flow = 0; flow < flows; flow++)
        {
            FindOne(answers + (flow << TTable.IndexBits), leaves + (flow * places));
        }
    }

    /// <summary>Two registers of trees at once: a step waits for the one before, but not for its neighbour.</summary>
    void FindOne(byte* answers, ushort* leaves)
    {
        var table = TTable.Load(answers);
        var node = nodes.Pointer;
        for (var register = 0; register < nodes.Steps.Length; register += 2)
        {
            var bytes = nodes.Steps[register] * StepBytes;
            TSet leaf0 = Leftmost, leaf1 = Leftmost, right = Leftmost;
            for (var end = node + bytes; node < end; node += StepBytes)
            {
                right = TSet.Add(right, OneLeaf);
                leaf0 = Step(leaf0, table, node, right);
                leaf1 = Step(leaf1, table, node + bytes, right);
            }

            node += bytes;
            TSet.Widen(leaf0, TForm.LeafShift, leaves + (register * TSet.Trees));
            TSet.Widen(leaf1, TForm.LeafShift, leaves + ((register + 1) * TSet.Trees));
        }
    }

    /// <summary>Four flows at once: a branch is loaded once for all.</summary>
    void FindFour(byte* answers, ushort* leaves)
    {
        var (table0, table1) = (TTable.Load(answers), TTable.Load(answers + (1 << TTable.IndexBits)));
        var (table2, table3) = (TTable.Load(answers + (2 << TTable.IndexBits)),
            TTable.Load(answers + (3 << TTable.IndexBits)));
        var node = nodes.Pointer;
        var stride = nodes.Steps.Length * TSet.Trees;
        foreach (var steps in nodes.Steps)
        {
            TSet leaf0 = Leftmost, leaf1 = Leftmost, leaf2 = Leftmost, leaf3 = Leftmost, right = Leftmost;
            for (var end = node + (steps * StepBytes); node < end; node += StepBytes)
            {
                right = TSet.Add(right, OneLeaf);
                var (number, bits, first) = (TSet.Load(node), TForm.Bits<TSet>(node), TForm.First<TSet>(node));
                leaf0 = TSet.Advance(leaf0, table0.Find(number), bits, first, right);
                leaf1 = TSet.Advance(leaf1, table1.Find(number), bits, first, right);
                leaf2 = TSet.Advance(leaf2, table2.Find(number), bits, first, right);
                leaf3 = TSet.Advance(leaf3, table3.Find(number), bits, first, right);
            }

            TSet.Widen(leaf0, TForm.LeafShift, leaves);
            TSet.Widen(leaf1, TForm.LeafShift, leaves + stride);
            TSet.Widen(leaf2, TForm.LeafShift, leaves + (2 * stride));
            TSet.Widen(leaf3, TForm.LeafShift, leaves + (3 * stride));
            leaves += TSet.Trees;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TSet Step(TSet leaves, in TTable table, byte* node, TSet right) => TSet.Advance(leaves,
        table.Find(TSet.Load(node)), TForm.Bits<TSet>(node), TForm.First<TSet>(node), right);
}
