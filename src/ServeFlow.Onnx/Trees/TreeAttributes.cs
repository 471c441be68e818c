using ServeFlow.Models;

namespace ServeFlow.Onnx.Trees;

/// <summary>
/// A forest as the parallel lists of ONNX's TreeEnsembleClassifier: one entry for each node of each tree, branches
/// first, then leaves; and one for each leaf's value. Thresholds are floats, rounded so that every float goes the way
/// it goes in the forest.
/// </summary>
sealed class TreeAttributes
{
    public const string Branch = "BRANCH_LEQ";
    public const string Leaf = "LEAF";

    readonly Forest forest;

    public TreeAttributes(Forest forest)
    {
        this.forest = forest;
        for (var t = 0; t < forest.Trees.Count; t++)
        {
            AddBranches(t, forest.Trees[t]);
            AddLeaves(t, forest.Trees[t]);
        }

        if (forest.Transform == ScoreTransform.Sigmoid)
        {
            // The softmax over (0, x) is the sigmoid of x: class 0 must be there, worth nothing.
            AddLeafValue(0, forest.Trees[0].Columns.Length, 0, 0);
        }
    }

    public List<long> TreeIds { get; } = [];

    public List<long> NodeIds { get; } = [];

    public List<long> Columns { get; } = [];

    public List<float> Thresholds { get; } = [];

    public List<string> Modes { get; } = [];

    /// <summary>Gets where a node goes if its value is at most the threshold.</summary>
    public List<long> TrueNodes { get; } = [];

    public List<long> FalseNodes { get; } = [];

    /// <summary>1 where NaN goes the way of the true node.</summary>
    public List<long> MissingGoesTrue { get; } = [];

    public List<long> LeafTreeIds { get; } = [];

    public List<long> LeafNodeIds { get; } = [];

    public List<long> LeafClasses { get; } = [];

    public List<float> LeafValues { get; } = [];

    /// <summary>Gets the factor of a leaf value, so that ONNX's plain sum is what the transform expects.</summary>
    double Scale => (forest.AverageOutput ? 1.0 / forest.Iterations : 1)
        * (forest.Transform is ScoreTransform.Sigmoid or ScoreTransform.SigmoidPerClass ? forest.SigmoidScale : 1);

    void AddBranches(int number, Tree tree)
    {
        for (var node = 0; node < tree.Columns.Length; node++)
        {
            AddNode(number, node, Branch, tree.Columns[node], FloatThreshold.RoundDown(tree.Thresholds[node]),
                NodeOf(tree.LeftChildren[node], tree), NodeOf(tree.RightChildren[node], tree),
                NaNGoesLeft(number, tree, node));
        }
    }

    void AddLeaves(int number, Tree tree)
    {
        var ofClass = forest.Transform == ScoreTransform.Sigmoid ? 1 : number % forest.TreesPerIteration;
        for (var leaf = 0; leaf < tree.LeafValues.Length; leaf++)
        {
            AddNode(number, NodeOf(~leaf, tree), Leaf, 0, 0, 0, 0, false);
            AddLeafValue(number, NodeOf(~leaf, tree), ofClass, (float)(tree.LeafValues[leaf] * Scale));
        }
    }

    void AddNode(int tree, int node, string mode, int column, float threshold, int whenTrue, int whenFalse,
        bool missingGoesTrue)
    {
        TreeIds.Add(tree);
        NodeIds.Add(node);
        Modes.Add(mode);
        Columns.Add(column);
        Thresholds.Add(threshold);
        TrueNodes.Add(whenTrue);
        FalseNodes.Add(whenFalse);
        MissingGoesTrue.Add(missingGoesTrue ? 1 : 0);
    }

    void AddLeafValue(int tree, int node, int ofClass, float value)
    {
        LeafTreeIds.Add(tree);
        LeafNodeIds.Add(node);
        LeafClasses.Add(ofClass);
        LeafValues.Add(value);
    }

    static int NodeOf(int child, Tree tree) => child >= 0 ? child : tree.Columns.Length + ~child;

    static bool NaNGoesLeft(int number, Tree tree, int node)
    {
        var missing = tree.Missing.Length == 0 ? MissingKind.None : tree.Missing[node];
        if (missing == MissingKind.Zero)
        {
            throw new InputException($"tree {number}: node {node} treats zero as missing, which ONNX's trees cannot "
                + "say; train without zero_as_missing");
        }

        return missing == MissingKind.NaN ? tree.DefaultLeft[node] : tree.Thresholds[node] >= 0;
    }
}
