namespace ServeFlow.Models.BitSliced;

/// <summary>Represents a small tree as it is built: its branches are written, its leaves have codes and
/// values.</summary>
sealed class TreePart
{
    /// <summary>Ways to give codes that are tried: with one a tree of 31 leaves takes 50 branches, with four 46, with
    /// twelve 44.</summary>
    const int Attempts = 12;

    readonly CutTree cut;
    readonly Tree tree;
    readonly BranchSchedule schedule;

    TreePart(CutTree cut, BranchSchedule schedule, int codeBits)
    {
        (this.cut, tree, this.schedule) = (cut, cut.Tree, schedule);
        Values = new double[1 << codeBits];
    }

    public SmallTree Shape { get; private set; }

    /// <summary>
    /// Gets, by code, the leaf's value minus the smallest of the whole tree; 0 for codes that are no leaf.
    /// </summary>
    public double[] Values { get; }

    /// <summary>
    /// Compiles trees into their parts, in the order in which these are to be evaluated. Finding good codes takes most
    /// of the time, so trees are tried side by side, and then written in turn.
    /// </summary>
    public static IReadOnlyList<TreePart> Create(IReadOnlyList<CutTree> trees, BranchLists lists, int codeBits)
    {
        var attempts = new int[trees.Count][];
        Parallel.For(0, trees.Count, i => attempts[i] = [.. trees[i].Roots.Select(root =>
            FindBest(trees[i], root, codeBits))]);
        return [.. trees.Zip(attempts).SelectMany(tree => Write(tree.First, tree.Second, lists, codeBits))];
    }

    /// <summary>Finds the way to give codes that makes a part cheapest.</summary>
    static int FindBest(CutTree cut, int root, int codeBits) => Enumerable.Range(0, Attempts).MinBy(attempt =>
        Write(cut, root, attempt, new(), codeBits, new() { [root] = SlotPool.EveryFlow }, new()).Cost);

    static List<TreePart> Write(CutTree cut, int[] attempts, BranchLists lists, int codeBits)
    {
        var entries = new Dictionary<int, int> { [0] = SlotPool.EveryFlow };
        var slots = new SlotPool();
        var parts = new List<TreePart>();
        foreach (var (root, attempt) in cut.Roots.Zip(attempts))
        {
            parts.Add(Write(cut, root, attempt, lists, codeBits, entries, slots));
            if (root != 0)
            {
                slots.Return(entries[root]);
            }
        }

        return parts;
    }

    static TreePart Write(CutTree cut, int root, int attempt, BranchLists lists, int codeBits,
        Dictionary<int, int> entries, SlotPool slots)
    {
        var part = new TreePart(cut, new(lists, codeBits, isWhole: root == 0, attempt), codeBits);
        part.Build(root, entries, slots);
        return part;
    }

    /// <summary>Branches that pass flows on store two sets: they cost about twice what the others do.</summary>
    int Cost => (2 * Shape.Branches) + Shape.LeafBranches;

    void Build(int root, Dictionary<int, int> entries, SlotPool slots)
    {
        var own = new List<int>();
        schedule.Open(Branching(root, entries[root]), schedule.EntryCode);
        while (schedule.TryNext(out var next))
        {
            var (node, code, rightCode) = (next.Branching.Node, next.Code, next.RightCode);
            var (left, right) = (Place(tree.LeftChildren[node]), Place(tree.RightChildren[node]));
            schedule.Write(next, left, right);
            Enter(tree.LeftChildren[node], left, code);
            Enter(tree.RightChildren[node], right, rightCode);
        }

        Shape = schedule.Finish(root == 0 ? SlotPool.NoFlow : entries[root]);
        own.ForEach(slots.Return);

        // A child that is a leaf needs no slot; one that begins another part keeps its slot until that is done.
        int Place(int child)
        {
            if (child < 0)
            {
                return SlotPool.Nowhere;
            }

            var slot = slots.Rent();
            if (cut.Cuts.Contains(child))
            {
                entries[child] = slot;
            }
            else
            {
                own.Add(slot);
            }

            return slot;
        }

        void Enter(int child, int slot, int code)
        {
            if (child < 0)
            {
                Values[code] = tree.LeafValues[~child] - cut.MinLeafValue;
            }
            else if (!cut.Cuts.Contains(child))
            {
                schedule.Open(Branching(child, slot), code);
            }
        }
    }

    Branching Branching(int node, int slot) => new(node, Predicate.FromNode(tree, node), slot,
        tree.LeftChildren[node] >= 0 || tree.RightChildren[node] >= 0);
}
