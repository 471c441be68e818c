using System.Numerics;

namespace ServeFlow.Training.Trainers;

/// <summary>Represents the rows of one node: the words that hold any, and which bits of them.</summary>
/// <param name="Words">Ascending, so classes ascend, too.</param>
/// <param name="Counts">Rows of each class.</param>
sealed record CartNode(int[] Words, ulong[] Masks, int[] Counts, int Depth)
{
    public int Total { get; } = Counts.Sum();

    public static CartNode Create(ulong[] rows, SplitPlanes planes, int classes, int depth) =>
        Create([.. Enumerable.Range(0, rows.Length)], rows, planes, classes, depth);

    /// <summary>Returns the rows of this node on one side of a split.</summary>
    public CartNode Child(ulong[] plane, bool left, SplitPlanes planes)
    {
        var masks = new ulong[Masks.Length];
        for (var i = 0; i < masks.Length; i++)
        {
            masks[i] = Masks[i] & (left ? plane[Words[i]] : ~plane[Words[i]]);
        }

        return Create(Words, masks, planes, Counts.Length, Depth + 1);
    }

    /// <summary>Determines whether there are rows of this node on both sides of a split.</summary>
    public bool IsSplitBy(ulong[] plane)
    {
        var (words, masks) = (Words, Masks);
        var (left, right) = (0UL, 0UL);
        for (var i = 0; i < words.Length && (left == 0 || right == 0); i++)
        {
            var side = plane[words[i]];
            left |= masks[i] & side;
            right |= masks[i] & ~side;
        }

        return left != 0 && right != 0;
    }

    static CartNode Create(int[] words, ulong[] masks, SplitPlanes planes, int classes, int depth)
    {
        var counts = new int[classes];
        var kept = new List<int>();
        for (var i = 0; i < words.Length; i++)
        {
            if (masks[i] != 0)
            {
                kept.Add(i);
                counts[planes.ClassOfWord[words[i]]] += BitOperations.PopCount(masks[i]);
            }
        }

        return new CartNode([.. kept.Select(i => words[i])], [.. kept.Select(i => masks[i])], counts, depth);
    }
}
