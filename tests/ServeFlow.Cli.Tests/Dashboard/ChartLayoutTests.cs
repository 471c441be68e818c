using System.Globalization;
using System.Text.RegularExpressions;
using ServeFlow.Dashboard.Panels;
using Xunit;

namespace ServeFlow.Cli.Tests.Dashboard;

public sealed class ChartLayoutTests
{
    [Theory]
    [InlineData(0, new[] { 0.0, 1 })]
    [InlineData(1, new[] { 0, 0.25, 0.5, 0.75, 1 })]
    [InlineData(3.2, new[] { 0.0, 1, 2, 3, 4 })]
    [InlineData(1100, new[] { 0.0, 500, 1000, 1500 })]
    public void FindTicks_AnyValue_AreRoundAndReachIt(double most, double[] expected) =>
        Assert.Equal(expected, ChartLayout.FindTicks(most));

    [Fact]
    public void Create_NothingMeasured_IsNull()
    {
        Assert.Null(ChartLayout.Create([], isStacked: true, step: 1));
        Assert.Null(ChartLayout.Create([new("a", 1, [new(3, null)])], isStacked: false, step: 1));
    }

    [Fact]
    public void Create_Line_HasTheNewestAtTheRightAndAGapWhereNothingWasMeasured()
    {
        var layout = ChartLayout.Create([new("a", 1, [new(100, 0), new(200, null), new(400, 4)])], false, step: 1)!;

        Assert.Equal("M0,100h0M1000,0h0", Assert.Single(layout.Shapes).Path);
        Assert.Equal([100, 175, 250, 325, 400], layout.Times.Select(time => (time - DateTime.UnixEpoch).TotalSeconds));
    }

    [Fact]
    public void Create_Stack_EachAreaBeginsWhereTheOneBelowEnds()
    {
        var layout = ChartLayout.Create(
            [new("a", 1, [new(100, 1), new(400, 3)]), new("b", 2, [new(100, 2), new(400, 1)])], true, step: 1)!;

        Assert.Equal("M0,75L1000,25L1000,100L0,100Z", layout.Shapes[0].Path);
        Assert.Equal("M0,25L1000,0L1000,25L0,75Z", layout.Shapes[1].Path);
    }

    [Fact]
    public void Create_AnyValues_StayInsideThePlot()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var most = Math.Pow(10, i % 9);
            ChartSeries[] series = [.. Enumerable.Range(1, 8).Select(colour => new ChartSeries($"{colour}", colour,
                [.. Enumerable.Range(1, 100).Select(step => new ChartPoint(step * 3, random.NextDouble() * most))]))];
            var paths = ChartLayout.Create(series, i % 2 == 0, step: 1)!.Shapes.Select(shape => shape.Path);
            Assert.All(paths.SelectMany(path => Regex.Matches(path, @"([-\d.]+),([-\d.]+)")), point =>
            {
                Assert.InRange(Read(point.Groups[1]), 0, ChartLayout.Width);
                Assert.InRange(Read(point.Groups[2]), 0, ChartLayout.Height);
            });
        }
    }

    static double Read(Group number) => double.Parse(number.Value, CultureInfo.InvariantCulture);
}
