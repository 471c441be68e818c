using System.Runtime.CompilerServices;

namespace ServeFlow.Models.SmallBatches;

/// <summary>
/// Walks all trees of a forest side by side for a few flows. A byte of a register is a tree: the number of the leftmost
/// leaf that is still possible. A branch is one step of all trees of the register: where the leaf is the branch's first
/// and the flow answers yes, the first leaf on the right takes its place. Parents have their turn before children, so
/// that a branch which the flow does not reach never finds its first leaf.
/// </summary>
sealed unsafe class LaneKernel<TSet, TTable>(LaneNodes nodes) : ITreeKernel
    where TSet : unmanaged, ITreeSet<TSet>
    where TTable : unmanaged, IAnswerTable<TTable, TSet>
{
    static int StepBytes => LaneNodes.Registers * TSet.Trees;

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
            TSet leaf0 = default, leaf1 = default;
            for (var end = node + bytes; node < end; node += StepBytes)
            {
                leaf0 = Step(leaf0, table, node);
                leaf1 = Step(leaf1, table, node + bytes);
            }

            node += bytes;
            TSet.Widen(leaf0, leaves + (register * TSet.Trees));
            TSet.Widen(leaf1, leaves + ((register + 1) * TSet.Trees));
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
            TSet leaf0 = default, leaf1 = default, leaf2 = default, leaf3 = default;
            for (var end = node + (steps * StepBytes); node < end; node += StepBytes)
            {
                leaf0 = Step(leaf0, table0, node);
                leaf1 = Step(leaf1, table1, node);
                leaf2 = Step(leaf2, table2, node);
                leaf3 = Step(leaf3, table3, node);
            }

            TSet.Widen(leaf0, leaves);
            TSet.Widen(leaf1, leaves + stride);
            TSet.Widen(leaf2, leaves + (2 * stride));
            TSet.Widen(leaf3, leaves + (3 * stride));
            leaves += TSet.Trees;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TSet Step(TSet leaves, in TTable table, byte* node) => TSet.Advance(leaves, table.Find(TSet.Load(node)),
        TSet.Load(node + TSet.Trees), TSet.Load(node + (2 * TSet.Trees)), TSet.Load(node + (3 * TSet.Trees)));
}
