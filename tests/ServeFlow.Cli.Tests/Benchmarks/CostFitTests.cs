using ServeFlow.Cli.Benchmarks.Engines;
using Xunit;

namespace ServeFlow.Cli.Tests.Benchmarks;

public sealed class CostFitTests
{
    static readonly double[][] Counts = [[1, 10, 0], [1, 200, 3], [1, 50, 40], [1, 900, 7], [1, 1, 300]];

    [Fact]
    public void Fit_TimesThatAreSums_FindsThePrices()
    {
        double[] prices = [50, 0.5, 2];

        var found = CostFit.Fit(Counts, [.. Counts.Select(row => row.Zip(prices, (c, p) => c * p).Sum())]);

        Assert.All(prices.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 0.01));
    }

    [Fact]
    public void Fit_TimesThatFallWithACount_GivesItNoPriceBelowZero()
    {
        var found = CostFit.Fit(Counts, [.. Counts.Select(row => 1000 - row[1])]);

        Assert.Equal(0, found[1]);
        Assert.All(found, price => Assert.True(price >= 0));
    }
}
