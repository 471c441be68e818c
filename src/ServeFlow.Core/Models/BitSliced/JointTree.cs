namespace ServeFlow.Models.BitSliced;

/// <summary>
/// A model of one tree a class whose trees ask the same questions, as decision trees are written, is one tree whose
/// leaves hold the probabilities of all classes. It need be evaluated once, and its answers are known in advance.
/// </summary>
sealed class JointTree
{
    /// <summary>Numbers of leaves are summed as two bytes.</summary>
    const int MaxLeaves = 1 << 16;

    readonly Forest forest;
    readonly List<(Tree Tree, int Node)> nodes = [];
    readonly List<(int Left, int Right)> children = [];
    readonly List<float> rows = [];
    readonly double[] sums;
    int leaves;

    JointTree(Forest forest)
    {
        this.forest = forest;
        sums = new double[forest.Classes];
    }

    /// <summary>[leaf × classes].</summary>
    public float[] Rows => [.. rows];

    /// <summary>Joins the trees; null where they differ, or are more than one a class.</summary>
    public static JointTree? Create(Forest forest)
    {
        var joint = new JointTree(forest);
        return forest.Iterations == 1 && joint.TryJoin() ? joint : null;
    }

    /// <summary>Returns the tree, whose leaves' values are their numbers.</summary>
    public Tree ToTree() => new()
    {
        Columns = [.. nodes.Select(n => n.Tree.Columns[n.Node])],
        Thresholds = [.. nodes.Select(n => n.Tree.Thresholds[n.Node])],
        LeftChildren = [.. children.Select(pair => pair.Left)],
        RightChildren = [.. children.Select(pair => pair.Right)],
        LeafValues = [.. Enumerable.Range(0, leaves).Select(leaf => (double)leaf)],
        Missing = [.. nodes.Select(n => n.Tree.Missing.Length == 0 ? MissingKind.None : n.Tree.Missing[n.Node])],
        DefaultLeft = [.. nodes.Select(n => n.Tree.DefaultLeft.Length > 0 && n.Tree.DefaultLeft[n.Node])],
    };

    /// <summary>Walks all trees side by side: those that have come to a leaf wait for the others.</summary>
    bool TryJoin()
    {
        var open = new Stack<(int[] Places, int Parent, bool IsLeft)>();
        open.Push(([.. forest.Trees.Select(tree => tree.Columns.Length == 0 ? ~0 : 0)], -1, false));
        while (open.TryPop(out var next))
        {
            var (places, parent, isLeft) = next;
            var asking = Array.FindIndex(places, place => place >= 0);
            Link(parent, isLeft, asking < 0 ? ~leaves : nodes.Count);
            if (asking < 0)
            {
                AddLeaf(places);
                continue;
            }

            var (tree, node) = (forest.Trees[asking], places[asking]);
            if (!AllTest(Predicate.FromNode(tree, node), places) || leaves + open.Count + 2 > MaxLeaves)
            {
                return false;
            }

            open.Push((Step(places, left: false), nodes.Count, false));
            open.Push((Step(places, left: true), nodes.Count, true));
            nodes.Add((tree, node));
            children.Add(default);
        }

        return true;
    }

    void Link(int parent, bool isLeft, int child)
    {
        if (parent >= 0)
        {
            children[parent] = isLeft
                ? children[parent] with { Left = child }
                : children[parent] with { Right = child };
        }
    }

    void AddLeaf(int[] places)
    {
        Array.Clear(sums);
        for (var output = 0; output < places.Length; output++)
        {
            sums[output] = forest.Trees[output].LeafValues[~places[output]];
        }

        ScoreTransforms.Apply(forest, sums);
        rows.AddRange(sums.Select(sum => (float)sum));
        leaves++;
    }

    bool AllTest(Predicate predicate, int[] places)
    {
        for (var output = 0; output < places.Length; output++)
        {
            if (places[output] >= 0 && Predicate.FromNode(forest.Trees[output], places[output]) != predicate)
            {
                return false;
            }
        }

        return true;
    }

    int[] Step(int[] places, bool left) => [.. places.Select((place, output) => place < 0 ? place
        : left ? forest.Trees[output].LeftChildren[place] : forest.Trees[output].RightChildren[place])];
}
