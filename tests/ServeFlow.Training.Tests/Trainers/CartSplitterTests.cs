using CsCheck;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Trainers;

/// <summary>Bit-sliced counting finds what counting one row after the other finds.</summary>
public sealed class CartSplitterTests
{
    static readonly CartOptions Options = new() { MaxLeaves = 8, MaxDepth = 8, MinLeafFlows = 2 };

    [Fact]
    public void Best_AnyRows_HasTheGainOfTheBestSplitByHand() =>
        Gen.Select(Gen.Int[4, 200], Gen.Int[0, 10_000]).Sample((count, seed) =>
        {
            var random = new Random(seed);
            var matrix = Enumerable.Range(0, count).Select(_ => Row(random)).ToArray();
            var labels = matrix.Select(row => random.Next(3) == 0 ? random.Next(3) : (int)row[0] + 1).ToArray();
            var planes = SplitPlanes.Build(new MatrixRows(matrix), labels, 3, 2, TestContext.Current.CancellationToken);
            double[] weights = [1, 2, 0.5];

            var node = CartNode.Create(planes.Occupied(), planes, 3, 0);
            var (plane, gain) = new CartSplitter(planes, weights, Options).Best(node, null, 1);

            var expected = BestByHand(matrix, labels, weights);
            Assert.Equal(expected, plane < 0 ? 0 : gain, 1e-6);
            if (plane >= 0)
            {
                var (column, threshold) = planes.Split(plane);
                var left = Enumerable.Range(0, count).Where(r => matrix[r][column] <= threshold).ToArray();
                Assert.Equal(left.Length, node.Child(planes[plane], left: true, planes).Total);
                Assert.Equal(count - left.Length, node.Child(planes[plane], left: false, planes).Total);
            }
        }, iter: 200);

    static float[] Row(Random random) =>
        [random.Next(-1, 2), random.Next(0, 2), random.Next(0, 20), random.Next(-1, 1)];

    static double BestByHand(float[][] matrix, int[] labels, double[] weights)
    {
        var best = 0.0;
        var all = Purity(Enumerable.Range(0, labels.Length));
        for (var c = 0; c < matrix[0].Length; c++)
        {
            var values = matrix.Select(row => row[c]).Distinct().Order().ToArray();
            foreach (var value in values[..^1])
            {
                var left = Enumerable.Range(0, labels.Length).Where(r => matrix[r][c] <= value).ToArray();
                if (left.Length >= Options.MinLeafFlows && labels.Length - left.Length >= Options.MinLeafFlows)
                {
                    var right = Enumerable.Range(0, labels.Length).Except(left);
                    best = Math.Max(best, Purity(left) + Purity(right) - all);
                }
            }
        }

        return best < 1e-9 ? 0 : best;

        double Purity(IEnumerable<int> rows)
        {
            var sums = rows.GroupBy(r => labels[r]).Select(g => g.Count() * weights[g.Key]).ToArray();
            return sums.Sum(s => s * s) / sums.Sum();
        }
    }
}
