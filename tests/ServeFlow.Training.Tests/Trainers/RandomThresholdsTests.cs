using CsCheck;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Trainers;

/// <summary>Extra trees draw columns that say something at the node, and thresholds that part its flows.</summary>
public sealed class RandomThresholdsTests
{
    [Fact]
    public void Draw_AnyNode_GivesSplittingPlanesOfDifferentColumns() =>
        Gen.Select(Gen.Int[4, 150], Gen.Int[1, 8], Gen.Int[0, 10_000]).Sample((count, wanted, seed) =>
        {
            var random = new Random(seed);
            var matrix = Enumerable.Range(0, count).Select(_ => Row(random)).ToArray();
            int[] labels = [.. matrix.Select(_ => random.Next(3))];
            var planes = SplitPlanes.Build(new MatrixRows(matrix), labels, 3, 1, TestContext.Current.CancellationToken);
            var node = CartNode.Create(planes.Occupied(), planes, 3, 0);
            if (planes.Count > 0)
            {
                node = node.Child(planes[random.Next(planes.Count)], left: true, planes);
            }

            var drawn = new RandomThresholds(planes, wanted).Draw(node, random).ToList();

            var splitting = Enumerable.Range(0, planes.Count).Where(plane => Splits(node, planes, plane))
                .ToLookup(plane => planes.Split(plane).Column);
            Assert.Equal(Math.Min(wanted, splitting.Count), drawn.Count);
            Assert.Equal(drawn.Count, drawn.Select(plane => planes.Split(plane).Column).Distinct().Count());
            Assert.All(drawn, plane => Assert.Contains(plane, splitting[planes.Split(plane).Column]));
        }, iter: 200);

    [Fact]
    public void Draw_ManyTimes_ComesToEveryThreshold()
    {
        var matrix = Enumerable.Range(0, 20).Select(i => new[] { (float)(i * i) }).ToArray();
        var planes = SplitPlanes.Build(new MatrixRows(matrix), new int[20], 1, 1,
            TestContext.Current.CancellationToken);
        var node = CartNode.Create(planes.Occupied(), planes, 1, 0);
        var (draws, random) = (new RandomThresholds(planes, 1), new Random(3));

        var seen = Enumerable.Range(0, 1000).Select(_ => draws.Draw(node, random).Single()).ToHashSet();

        Assert.Equal(19, planes.Count);
        Assert.Equal(planes.Count, seen.Count);
    }

    static bool Splits(CartNode node, SplitPlanes planes, int plane) =>
        node.Child(planes[plane], left: true, planes).Total is > 0 and var left && left < node.Total;

    static float[] Row(Random random) =>
        [random.Next(-1, 2), random.Next(0, 2), random.Next(0, 40), random.Next(-1, 1), 7, random.Next(0, 3) * 100];
}
