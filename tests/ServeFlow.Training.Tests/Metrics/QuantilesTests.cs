using ServeFlow.Training.Metrics;
using Xunit;

namespace ServeFlow.Training.Tests.Metrics;

public sealed class QuantilesTests
{
    [Fact]
    public void At_BetweenNeighbours_InterpolatesAsNumPyDoes()
    {
        Assert.Equal(2.5, Quantiles.At([1, 2, 3, 4], 0.5));
        Assert.Equal(3.7, Quantiles.At([1, 2, 3, 4], 0.9), 12);
        Assert.Equal(7, Quantiles.At([7], 0.99));
        Assert.Equal(0, Quantiles.At([], 0.5));
    }

    [Fact]
    public void Curve_Values_GoesFromTheLeastToTheLargest()
    {
        var curve = Quantiles.Curve([1, 2, 3]);

        Assert.Equal((201, 1, 2, 3), (curve.Length, curve[0], curve[100], curve[200]));
    }

    [Fact]
    public void Median_EvenCount_IsBetweenTheTwoInTheMiddle()
    {
        Assert.Equal(2.5, Quantiles.Median([4, 1, 3, 2]));
        Assert.Equal(0, Quantiles.Median([]));
    }
}
