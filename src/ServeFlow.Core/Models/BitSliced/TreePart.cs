namespace ServeFlow.Models.BitSliced;

/// <summary>A small tree as it is built: its branches are written, its leaves have codes and values.</summary>
sealed class TreePart
{
    /// <summary>Ways to give codes that are tried: with one a tree of 31 leaves takes 50 branches, with four 46, with
    /// twelve 44.</summary>
    const int Attempts = 12;

    readonly Tree tree;
    readonly IReadOnlySet<int> cuts;
    readonly BranchSchedule schedule;
    readonly double minLeafValue;

    TreePart(Tree tree, IReadOnlySet<int> cuts, BranchSchedule schedule, int codeBits)
    {
        this.tree = tree;
        this.cuts = cuts;
        this.schedule = schedule;
        minLeafValue = tree.LeafValues.Min();
        TreeRange = tree.LeafValues.Max() - minLeafValue;
        Values = new double[1 << codeBits];
    }

    public SmallTree Shape { get; private set; }

    /// <summary>Largest less least leaf value of the whole tree.</summary>
    public double TreeRange { get; }

    public bool IsFirstOfTree { get; private init; }

    /// <summary>
    /// Gets, by code, the leaf's value minus the smallest of the whole tree; 0 for codes that are no leaf.
    /// </summary>
    public double[] Values { get; }

    /// <summary>
    /// Compiles trees into their parts, in the order in which these are to be evaluated. Finding good codes takes most
    /// of the time, so trees are tried side by side, and then written in turn.
    /// </summary>
    /// <returns>By tree.</returns>
    public static IReadOnlyList<IReadOnlyList<TreePart>> Create(IReadOnlyList<Tree> trees, BranchLists lists,
        int codeBits)
    {
        var cutTrees = new CutTree[trees.Count];
        Parallel.For(0, trees.Count, i => cutTrees[i] = CutTree.Create(trees[i], codeBits));
        return [.. cutTrees.Select(tree => Write(tree, lists, codeBits))];
    }

    static List<TreePart> Write(CutTree cut, BranchLists lists, int codeBits)
    {
        var entries = new Dictionary<int, int> { [0] = SlotPool.EveryFlow };
        var slots = new SlotPool();
        var parts = new List<TreePart>();
        foreach (var (root, attempt) in cut.Roots)
        {
            parts.Add(Write(cut.Tree, cut.Cuts, root, attempt, lists, codeBits, entries, slots));
            if (root != 0)
            {
                slots.Return(entries[root]);
            }
        }

        return parts;
    }

    static TreePart Write(Tree tree, IReadOnlySet<int> cuts, int root, int attempt, BranchLists lists, int codeBits,
        Dictionary<int, int> entries, SlotPool slots)
    {
        var part = new TreePart(tree, cuts, new(lists, codeBits, isWhole: root == 0, attempt), codeBits)
        {
            IsFirstOfTree = root == 0,
        };
        part.Build(root, entries, slots);
        return part;
    }

    /// <summary>A tree, where it is cut, and the way to give codes that is best for each part.</summary>
    /// <param name="Roots">The nodes at which parts begin, and the number of the way; none where the tree is one
    /// leaf.</param>
    readonly record struct CutTree(Tree Tree, IReadOnlySet<int> Cuts, IReadOnlyList<(int Node, int Attempt)> Roots)
    {
        public static CutTree Create(Tree tree, int codeBits)
        {
            if (tree.Columns.Length == 0)
            {
                return new(tree, new HashSet<int>(), []);
            }

            // One code is kept for flows that do not enter a part.
            var roots = TreeCutter.Cut(tree, (1 << codeBits) - 1, out var cuts);
            return new(tree, cuts, [.. roots.Select(root => (root, Best(root)))]);

            int Best(int root) => Enumerable.Range(0, Attempts).MinBy(attempt => Write(tree, cuts, root, attempt, new(),
                codeBits, new() { [root] = SlotPool.EveryFlow }, new()).Cost);
        }
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
            if (cuts.Contains(child))
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
                Values[code] = tree.LeafValues[~child] - minLeafValue;
            }
            else if (!cuts.Contains(child))
            {
                schedule.Open(Branching(child, slot), code);
            }
        }
    }

    Branching Branching(int node, int slot) => new(node, Predicate.FromNode(tree, node), slot,
        tree.LeftChildren[node] >= 0 || tree.RightChildren[node] >= 0);
}
