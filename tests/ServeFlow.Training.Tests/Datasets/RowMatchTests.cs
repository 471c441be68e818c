using ServeFlow.Flows;
using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

public sealed class RowMatchTests
{
    const long Millisecond = 1_000_000;
    const long Second = 1000 * Millisecond;

    /// <summary>When the row says that its flow begins.</summary>
    const long Time = 1_700_000_000 * Second;

    readonly RowMatch row = new(new(null, default, null, "dns", Time, 2));

    bool TryMatch(long offNs, int candidate) => row.TryMatch(new Flow { FirstNs = Time + offNs }, candidate);

    int Resolve(long fromNs = Time, long toNs = Time, bool anyTime = true) => row.Resolve(fromNs, toNs, anyTime);

    [Theory]
    [InlineData(Millisecond, 1)]
    [InlineData(-Millisecond, 1)]
    [InlineData(Millisecond + 1, 0)]
    [InlineData(-Millisecond - 1, 0)]
    public void Resolve_FlowAboutTheRowsTime_IsItsUpToAMillisecondOff(long offNs, int expected)
    {
        TryMatch(-100 * Second, 0);

        Assert.Equal(expected == 1, TryMatch(offNs, 1));
        Assert.Equal(expected, Resolve());
    }

    [Fact]
    public void Resolve_SeveralFlowsWithinAMillisecond_TheNearestIsTheRows()
    {
        TryMatch(-Millisecond, 0);
        TryMatch(Millisecond / 10, 1);

        Assert.False(TryMatch(Millisecond / 2, 2));
        Assert.Equal(1, Resolve());
    }

    /// <summary>The capture lasts from one time to another, in nanoseconds from the row's.</summary>
    [Theory]
    [InlineData(Second, 2 * Second, 0)]
    [InlineData(Second + 1, 2 * Second, -1)]
    [InlineData(-2 * Second, -Second, 0)]
    [InlineData(-2 * Second, -Second - 1, -1)]
    public void Resolve_CaptureAboutTheRowsTime_IsSearchedUpToASecondOff(long from, long to, int expected)
    {
        TryMatch(100 * Second, 0);

        Assert.Equal(expected, Resolve(Time + from, Time + to, anyTime: false));
        Assert.Equal(expected == 0, row.IsMatched);
    }

    [Fact]
    public void TryMatch_AfterTheRowFoundItsFlow_Nothing()
    {
        TryMatch(0, 0);
        Resolve();

        Assert.False(TryMatch(0, 1));
    }
}
