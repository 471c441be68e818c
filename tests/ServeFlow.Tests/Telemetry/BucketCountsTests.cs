using ServeFlow.Telemetry;
using Xunit;

namespace ServeFlow.Tests.Telemetry;

public sealed class BucketCountsTests
{
    [Fact]
    public void Count_ValueOnABound_BelongsBelowIt()
    {
        var counts = new BucketCounts([1, 2], 1);

        counts.Count(0, 1);
        counts.Count(0, 1.5);
        counts.Count(0, 3);

        Assert.Equal([1, 1, 1], counts.Counts(0));
        Assert.Equal(5.5, counts.Sum(0));
    }

    [Fact]
    public void Grow_KeepsCounts_AndASeriesThatHasNotComeIsZero()
    {
        var counts = new BucketCounts([1], 1);
        counts.Count(0, 1);
        Assert.Equal([0, 0], counts.Counts(1));

        counts.Grow(2);
        counts.Count(1, 9);
        Assert.Equal([1, 0], counts.Counts(0));
        Assert.Equal([0, 1], counts.Counts(1));
    }

    [Fact]
    public void Add_LongerCounts_GivesTheSum()
    {
        var (sum, other) = (new BucketCounts([1], 1), new BucketCounts([1], 2));
        other.Count(1, 4);
        sum.Count(0, 1);

        sum.Add(other);

        Assert.Equal([1, 0], sum.Counts(0));
        Assert.Equal([0, 1], sum.Counts(1));
        Assert.Equal(4, sum.Sum(1));
    }
}
