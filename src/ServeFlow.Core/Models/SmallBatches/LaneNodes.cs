using ServeFlow.Models.BitSliced;

namespace ServeFlow.Models.SmallBatches;

/// <summary>
/// The branches of all trees for registers of trees. The trees of a register take their n-th branches, parents before
/// children, in step n. Immutable.
/// </summary>
sealed unsafe class LaneNodes
{
    /// <summary>Registers of a step: the number of the byte with the answer, the bit in it, the first leaf, and the
    /// first leaf on the right.</summary>
    public const int Registers = 4;

    /// <summary>A byte holds the number of a leaf.</summary>
    const int MaxLeaves = 256;

    readonly PinnedBuffer nodes;
    readonly int trees;

    LaneNodes(int trees, int[] steps, int indexBits)
    {
        (this.trees, Steps, IndexBits) = (trees, steps, indexBits);
        nodes = new(steps.Sum() * Registers * trees);
        nodes.Clear();
    }

    /// <summary>Gets the steps of each register of trees; registers go in pairs of equal length.</summary>
    public int[] Steps { get; }

    /// <summary>Gets the bits of the number of a byte of answers.</summary>
    public int IndexBits { get; }

    /// <summary>Gets the steps of all registers: [step][<see cref="Registers"/>][trees], aligned to cache lines.
    /// </summary>
    public byte* Pointer => nodes.Pointer;

    public long MemoryBytes => (long)Steps.Sum() * Registers * trees;

    /// <summary>Writes the branches of trees; null where a tree has too many leaves, or there are too many predicates.
    /// </summary>
    /// <param name="shapes">The trees and the order of their leaves, most branches first.</param>
    /// <param name="places">The place of each predicate among a flow's answers.</param>
    /// <param name="engine">The engine whose registers hold the trees.</param>
    public static LaneNodes? Create(IReadOnlyList<(Tree Tree, LeafOrder Order)> shapes,
        IReadOnlyDictionary<Predicate, int> places, ScoringEngine engine)
    {
        var indexBits = LaneKernels.IndexBits(engine, places.Count == 0 ? 0 : places.Values.Max());
        if (indexBits < 0 || shapes.Any(shape => shape.Order.Numbers.Length > MaxLeaves))
        {
            return null;
        }

        var width = LaneKernels.Trees(engine);
        int[] steps = [.. shapes.Chunk(2 * width).SelectMany(pair =>
            Enumerable.Repeat(pair.Max(shape => shape.Order.Nodes.Length), 2))];
        var written = new LaneNodes(width, steps, indexBits);
        for (var tree = 0; tree < shapes.Count; tree++)
        {
            written.Write(steps.Take(tree / width).Sum(), tree % width, shapes[tree].Tree, shapes[tree].Order, places);
        }

        return written;
    }

    /// <summary>Writes the nodes of one tree. Steps that it leaves over ask for no bit and change nothing.</summary>
    void Write(int firstStep, int lane, Tree tree, LeafOrder order, IReadOnlyDictionary<Predicate, int> places)
    {
        var at = nodes.Pointer + (firstStep * Registers * trees) + lane;
        foreach (var (node, first, right) in order.Nodes)
        {
            var place = places[Predicate.FromNode(tree, node)];
            at[0] = (byte)(place / 8);
            at[trees] = (byte)(1 << (place % 8));
            at[2 * trees] = (byte)first;
            at[3 * trees] = (byte)right;
            at += Registers * trees;
        }
    }
}
