using ServeFlow.Models.BitSliced;

namespace ServeFlow.Models.SmallBatches;

/// <summary>
/// The branches of all trees for registers of trees. Step n of a register holds, for each of its trees, the branch
/// whose right side begins with leaf n + 1. Immutable.
/// </summary>
sealed unsafe class LaneNodes
{
    /// <summary>A byte holds the number of a leaf.</summary>
    const int MaxLeaves = 256;

    /// <summary>Leaves whose numbers leave room in a byte for the number of a bit.</summary>
    const int MaxNarrowLeaves = 32;

    readonly PinnedBuffer nodes;
    readonly int trees;

    LaneNodes(int trees, int[] steps, int indexBits, bool isNarrow)
    {
        (this.trees, Steps, IndexBits, IsNarrow) = (trees, steps, indexBits, isNarrow);
        nodes = new((int)MemoryBytes);
        // Steps that a tree leaves over begin with a leaf that it does not have.
        new Span<byte>(nodes.Pointer, (int)MemoryBytes).Fill(byte.MaxValue);
    }

    /// <summary>Gets the steps of each register of trees; registers go in pairs of equal length.</summary>
    public int[] Steps { get; }

    /// <summary>Gets the bits of the number of a byte of answers.</summary>
    public int IndexBits { get; }

    /// <summary>Gets whether branches have the form of <see cref="NarrowBranches"/>, else of
    /// <see cref="WideBranches"/>.</summary>
    public bool IsNarrow { get; }

    /// <summary>Gets the steps of all registers: [step][register of the form][trees], aligned to cache lines.
    /// </summary>
    public byte* Pointer => nodes.Pointer;

    public long MemoryBytes => (long)Steps.Sum() * Registers * trees;

    int Registers => IsNarrow ? NarrowBranches.Registers : WideBranches.Registers;

    /// <summary>Writes the branches of trees; null where a tree has too many leaves, or there are too many predicates.
    /// </summary>
    /// <param name="shapes">The trees and the order of their leaves, most branches first.</param>
    /// <param name="places">The place of each predicate among a flow's answers.</param>
    /// <param name="engine">The engine whose registers hold the trees.</param>
    public static LaneNodes? Create(IReadOnlyList<(Tree Tree, LeafOrder Order)> shapes,
        IReadOnlyDictionary<Predicate, int> places, ScoringEngine engine)
    {
        var indexBits = LaneKernels.IndexBits(engine, places.Count == 0 ? 0 : places.Values.Max());
        var leaves = shapes.Select(shape => shape.Order.Numbers.Length).DefaultIfEmpty(0).Max();
        if (indexBits < 0 || leaves > MaxLeaves)
        {
            return null;
        }

        var width = LaneKernels.Trees(engine);
        int[] steps = [.. shapes.Chunk(2 * width).SelectMany(pair =>
            Enumerable.Repeat(pair.Max(shape => shape.Order.Nodes.Length), 2))];
        var written = new LaneNodes(width, steps, indexBits,
            leaves <= MaxNarrowLeaves && LaneKernels.HasNarrowBranches(engine));
        for (var tree = 0; tree < shapes.Count; tree++)
        {
            written.Write(steps.Take(tree / width).Sum(), tree % width, shapes[tree].Tree, shapes[tree].Order, places);
        }

        return written;
    }

    void Write(int firstStep, int lane, Tree tree, LeafOrder order, IReadOnlyDictionary<Predicate, int> places)
    {
        foreach (var (node, first, right) in order.Nodes)
        {
            var place = places[Predicate.FromNode(tree, node)];
            var at = nodes.Pointer + ((firstStep + right - 1) * Registers * trees) + lane;
            at[0] = (byte)(place / 8);
            if (IsNarrow)
            {
                at[trees] = (byte)((first << NarrowBranches.LeafShift) | (place % 8));
            }
            else
            {
                at[trees] = (byte)(1 << (place % 8));
                at[2 * trees] = (byte)first;
            }
        }
    }
}
