using ServeFlow.Models;

namespace ServeFlow.Training.Trainers;

/// <summary>
/// Takes splits away that lead to the same value on both sides. One class's tree of a forest is 0 nearly
/// everywhere, so this makes the model several times smaller and changes no prediction.
/// </summary>
static class CartPruning
{
    public static Tree Merge(Tree tree)
    {
        var nodes = tree.Columns.Length;
        var constant = new double?[nodes];
        // Children have larger numbers than their parents, so going down in number goes up the tree.
        for (var node = nodes - 1; node >= 0; node--)
        {
            var (left, right) = (Value(tree.LeftChildren[node]), Value(tree.RightChildren[node]));
            constant[node] = left is not null && left == right ? left : null;
        }

        var kept = Enumerable.Range(0, nodes).Where(node => constant[node] is null).ToArray();
        var leaves = new List<double>();
        if (kept.Length == 0)
        {
            leaves.Add(nodes == 0 ? tree.LeafValues[0] : constant[0]!.Value);
        }

        int[] leftChildren = new int[kept.Length], rightChildren = new int[kept.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            leftChildren[i] = Renumber(tree.LeftChildren[kept[i]]);
            rightChildren[i] = Renumber(tree.RightChildren[kept[i]]);
        }

        return new Tree
        {
            Columns = Array.ConvertAll(kept, node => tree.Columns[node]),
            Thresholds = Array.ConvertAll(kept, node => tree.Thresholds[node]),
            LeftChildren = leftChildren,
            RightChildren = rightChildren,
            LeafValues = [.. leaves],
        };

        double? Value(int child) => child < 0 ? tree.LeafValues[~child] : constant[child];

        int Renumber(int child)
        {
            if (Value(child) is { } value)
            {
                leaves.Add(value);
                return ~(leaves.Count - 1);
            }

            return Array.BinarySearch(kept, child);
        }
    }
}
