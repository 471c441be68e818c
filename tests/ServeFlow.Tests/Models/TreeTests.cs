using ServeFlow.Models;
using Xunit;

namespace ServeFlow.Tests.Models;

public sealed class TreeTests
{
    const int Left = ~0;
    const int Right = ~1;

    [Theory]
    [InlineData(MissingKind.None, true, 0.5, Left)]
    [InlineData(MissingKind.None, true, 0.51, Right)]
    [InlineData(MissingKind.None, false, double.NaN, Left)]
    [InlineData(MissingKind.Zero, false, 0, Right)]
    [InlineData(MissingKind.Zero, false, double.NaN, Right)]
    [InlineData(MissingKind.Zero, false, -Tree.ZeroThreshold, Right)]
    [InlineData(MissingKind.Zero, false, 2e-35, Left)]
    [InlineData(MissingKind.Zero, true, 0, Left)]
    [InlineData(MissingKind.NaN, false, double.NaN, Right)]
    [InlineData(MissingKind.NaN, true, double.NaN, Left)]
    [InlineData(MissingKind.NaN, false, 0, Left)]
    public void Child_EachKindOfMissing_GoesAsLightGbmDecides(MissingKind missing, bool defaultLeft, double value,
        int expected)
    {
        var tree = new Tree
        {
            Columns = [0],
            Thresholds = [0.5],
            LeftChildren = [Left],
            RightChildren = [Right],
            LeafValues = [0, 1],
            Missing = [missing],
            DefaultLeft = [defaultLeft],
        };
        Assert.Equal(expected, tree.Child(0, value));
    }
}
