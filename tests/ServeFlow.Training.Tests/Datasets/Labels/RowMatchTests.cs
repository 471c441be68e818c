using ServeFlow.Flows;
using ServeFlow.Training.Datasets.Labels;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets.Labels;

public sealed class RowMatchTests
{
    const long Millisecond = 1_000_000;
    const long Second = 1000 * Millisecond;

    /// <summary>When the row says that its flow begins.</summary>
    const long Time = 1_700_000_000 * Second;

    readonly RowMatch row = new(new(null, default, null, "dns", Time, 2), Second);

    bool TryMatch(long offNs, int candidate) =>
        row.TryMatch(new Flow { FirstNs = Time + offNs }, Time + offNs, candidate);

    int Resolve() => row.Resolve(_ => null);

    [Theory]
    [InlineData(Second, 1)]
    [InlineData(-Second, 1)]
    [InlineData(Second + 1, -1)]
    [InlineData(-Second - 1, -1)]
    public void Resolve_FlowAboutTheRowsTime_IsItsUpToTheTolerance(long offNs, int expected)
    {
        Assert.False(TryMatch(-100 * Second, 0));

        Assert.Equal(expected == 1, TryMatch(offNs, 1));
        Assert.Equal(expected, Resolve());
        Assert.Equal(expected == 1, row.IsMatched);
        Assert.Equal(offNs, row.NearestNs);
    }

    [Fact]
    public void Resolve_SeveralFlowsWithinTheTolerance_TheNearestIsTheRows()
    {
        TryMatch(-Millisecond, 0);
        TryMatch(Millisecond / 10, 1);
        TryMatch(Second / 2, 2);

        Assert.Equal(1, Resolve());
        Assert.False(row.IsGuess);
    }

    [Fact]
    public void Resolve_NoneExact_TheNearestIsAGuess()
    {
        TryMatch(Second / 4, 0);
        TryMatch(Second / 2, 1);

        Assert.Equal(0, Resolve());
        Assert.True(row.IsGuess);
    }

    [Fact]
    public void Resolve_SeveralFlowsAtOneTime_TheFirstThatNoRowHas()
    {
        TryMatch(0, 0);
        TryMatch(0, 1);

        Assert.Equal(1, row.Resolve(candidate => candidate == 0 ? row.Row : null));
    }

    /// <summary>Of rows in whole seconds, each may have the flow that is nearer to the next.</summary>
    [Fact]
    public void Resolve_NearestHasARowOfAnotherTime_TheNextIsTheRows()
    {
        TryMatch(-Second / 10, 0);
        TryMatch(Second / 2, 1);

        Assert.Equal(1, row.Resolve(candidate =>
            candidate == 0 ? row.Row with { FirstNs = Time - Second } : null));
    }

    /// <summary>Two rows of one time mean one flow, and contradict or repeat each other.</summary>
    [Fact]
    public void Resolve_NearestHasARowOfTheSameTime_ItIsTheRowsToo()
    {
        TryMatch(Second / 10, 0);
        TryMatch(Second / 2, 1);

        Assert.Equal(0, row.Resolve(candidate => candidate == 0 ? row.Row : null));
    }

    /// <summary>The flow table may move the time of a packet that its clock has passed.</summary>
    [Fact]
    public void TryMatch_FlowWhoseTimeWasCorrected_MeetsTheRowByItsPacketsTime() =>
        Assert.True(row.TryMatch(new Flow { FirstNs = Time + (50 * Second) }, Time, 0));

    [Fact]
    public void TryMatch_AfterTheRowFoundItsFlow_Nothing()
    {
        TryMatch(0, 0);
        Resolve();

        Assert.False(TryMatch(0, 1));
    }

    [Fact]
    public void TryMatch_RowWithoutTime_TakesTheFirstFlow()
    {
        var timeless = new RowMatch(new(null, default, null, "dns", null, 2), Second);

        Assert.True(timeless.TryMatch(new Flow { FirstNs = Time }, Time, 0));
        Assert.False(timeless.TryMatch(new Flow { FirstNs = Time + Second }, Time + Second, 1));
        Assert.Equal(0, timeless.Resolve(_ => null));
    }
}
