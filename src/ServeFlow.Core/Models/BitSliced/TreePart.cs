namespace ServeFlow.Models.BitSliced;

/// <summary>A small tree as it is built: its branches are written, its leaves have codes and values.</summary>
sealed class TreePart
{
    readonly Tree tree;
    readonly IReadOnlySet<int> cuts;
    readonly LeafCodes codes;
    readonly List<Branch> inner = [];
    readonly List<Branch> outer = [];
    readonly double least;

    TreePart(Tree tree, IReadOnlySet<int> cuts, bool isWhole)
    {
        this.tree = tree;
        this.cuts = cuts;
        codes = new(reserveZero: !isWhole);
        least = tree.LeafValues.Min();
    }

    public SmallTree Shape { get; private set; }

    /// <summary>By code: the leaf's value less the whole tree's least one; 0 for codes that are no leaf.</summary>
    public double[] Values { get; } = new double[LeafCodes.Count];

    /// <summary>Compiles a tree into its parts, in the order in which they are to be evaluated.</summary>
    public static IEnumerable<TreePart> Of(Tree tree, Dictionary<Predicate, int> planes, List<Branch> branches)
    {
        if (tree.Columns.Length == 0)
        {
            return [];
        }

        var roots = TreeCutter.Cut(tree, out var cuts);
        var entries = new Dictionary<int, int> { [0] = SlotPool.EveryFlow };
        var slots = new SlotPool();
        var parts = new List<TreePart>();
        foreach (var root in roots)
        {
            var part = new TreePart(tree, cuts, isWhole: root == 0);
            part.Build(root, entries, slots, planes, branches);
            parts.Add(part);
        }

        return parts;
    }

    void Build(int root, Dictionary<int, int> entries, SlotPool slots, Dictionary<Predicate, int> planes,
        List<Branch> branches)
    {
        var entryCode = codes.TakeNear(0);
        var own = new List<int>();
        Descend(root, entries[root], entryCode, isEntry: true);
        Shape = new(branches.Count, inner.Count, outer.Count, entries[root], entryCode);
        branches.AddRange(inner);
        branches.AddRange(outer);
        slots.Release(own);
        if (root != 0)
        {
            slots.Release([entries[root]]);
        }

        void Descend(int node, int slot, int code, bool isEntry)
        {
            var (left, right) = (tree.LeftChildren[node], tree.RightChildren[node]);
            var rightCode = codes.TakeNear(code);
            var leftSlot = Place(left, isEntry ? -1 : slot);
            var rightSlot = Place(right, -1);
            Emit(node, slot, leftSlot, rightSlot, code ^ rightCode);
            Enter(left, leftSlot, code);
            Enter(right, rightSlot, rightCode);
        }

        // A child that is a leaf needs no slot; one that begins another part keeps its slot until that is done.
        int Place(int child, int reuse)
        {
            if (child < 0)
            {
                return SlotPool.Nowhere;
            }

            if (cuts.Contains(child))
            {
                return entries[child] = slots.Take();
            }

            if (reuse >= 0)
            {
                return reuse;
            }

            own.Add(slots.Take());
            return own[^1];
        }

        void Enter(int child, int slot, int code)
        {
            if (child < 0)
            {
                Values[code] = tree.LeafValues[~child] - least;
            }
            else if (!cuts.Contains(child))
            {
                Descend(child, slot, code, isEntry: false);
            }
        }

        void Emit(int node, int source, int left, int right, int flips)
        {
            var predicate = Predicate.Of(tree, node);
            planes.TryAdd(predicate, planes.Count);
            var first = System.Numerics.BitOperations.TrailingZeroCount(flips);
            var isOuter = tree.LeftChildren[node] < 0 && tree.RightChildren[node] < 0;
            (isOuter ? outer : inner).Add(new(planes[predicate] * BitSlicedForest.PlaneBytes, (ushort)source,
                (ushort)left, (ushort)right, (ushort)(first * BitSlicedForest.PlaneBytes), flips & (flips - 1)));
        }
    }
}
