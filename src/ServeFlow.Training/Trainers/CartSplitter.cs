using System.Numerics;

namespace ServeFlow.Training.Trainers;

/// <summary>Finds a node's best split by Gini impurity.</summary>
sealed class CartSplitter(SplitPlanes planes, double[] weights, CartOptions options)
{
    /// <summary>Specifies the words below which splitting the work costs more than it saves.</summary>
    const long ParallelWork = 1 << 20;

    /// <summary>A gain that rounding alone could make is none.</summary>
    const double MinGain = 1e-9;

    readonly RandomThresholds draws = new(planes, options.SampledColumns);

    /// <param name="random">Draws the splits to try; null tries all.</param>
    /// <returns>The plane and how much impurity, weighted by rows, the split removes; plane −1 if none does.</returns>
    public (int Plane, double Gain) Best(CartNode node, Random? random, int threads)
    {
        if (node.Total < 2 * options.MinLeafFlows || node.Depth >= options.MaxDepth
            || node.Counts.Count(count => count > 0) < 2)
        {
            return (-1, 0);
        }

        if (random is not null)
        {
            return BestOf(node, options.SampledColumns > 0 ? draws.Draw(node, random) : Draw(random));
        }

        if ((long)node.Words.Length * planes.Count < ParallelWork || threads == 1)
        {
            return BestOf(node, Enumerable.Range(0, planes.Count));
        }

        var found = new (int Plane, double Gain)[threads];
        Parallel.For(0, threads, part =>
        {
            var from = (int)((long)planes.Count * part / threads);
            found[part] = BestOf(node, Enumerable.Range(from, (int)((long)planes.Count * (part + 1) / threads) - from));
        });
        return found.MaxBy(best => best.Gain);
    }

    IEnumerable<int> Draw(Random random)
    {
        for (var i = 0; i < options.SampledSplits; i++)
        {
            yield return random.Next(planes.Count);
        }
    }

    /// <summary>Returns the first of the best, so that the number of threads changes nothing.</summary>
    (int Plane, double Gain) BestOf(CartNode node, IEnumerable<int> candidates)
    {
        var present = Enumerable.Range(0, weights.Length).Where(k => node.Counts[k] > 0).ToArray();
        var classOfWord = Array.ConvertAll(node.Words, word => planes.ClassOfWord[word]);
        var left = new int[weights.Length];
        var purity = Purity(node.Counts, present);
        var best = (Plane: -1, Gain: MinGain);
        foreach (var plane in candidates)
        {
            Count(planes[plane], node, classOfWord, left);
            var gain = Gain(node, left, present) - purity;
            if (gain > best.Gain)
            {
                best = (plane, gain);
            }
        }

        return best;
    }

    static void Count(ulong[] plane, CartNode node, int[] classOfWord, int[] left)
    {
        Array.Clear(left);
        var (words, masks) = (node.Words, node.Masks);
        for (var i = 0; i < words.Length; i++)
        {
            left[classOfWord[i]] += BitOperations.PopCount(plane[words[i]] & masks[i]);
        }
    }

    /// <summary>Σ over both sides of Σ n² ÷ Σ n: the larger, the purer.</summary>
    double Gain(CartNode node, int[] left, int[] present)
    {
        var (leftRows, leftSum, rightSum, leftSquares, rightSquares) = (0, 0.0, 0.0, 0.0, 0.0);
        foreach (var k in present)
        {
            leftRows += left[k];
            var (l, r) = (left[k] * weights[k], (node.Counts[k] - left[k]) * weights[k]);
            leftSum += l;
            rightSum += r;
            leftSquares += l * l;
            rightSquares += r * r;
        }

        return leftRows < options.MinLeafFlows || node.Total - leftRows < options.MinLeafFlows
            ? double.NegativeInfinity
            : (leftSquares / leftSum) + (rightSquares / rightSum);
    }

    double Purity(int[] counts, int[] present)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var k in present)
        {
            var weighted = counts[k] * weights[k];
            sum += weighted;
            squares += weighted * weighted;
        }

        return squares / sum;
    }
}
