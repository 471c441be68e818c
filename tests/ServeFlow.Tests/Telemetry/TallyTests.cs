using ServeFlow.Telemetry;
using Xunit;

namespace ServeFlow.Tests.Telemetry;

public sealed class TallyTests
{
    enum Reason { First, SecondReason }

    [Fact]
    public void Count_TwoReasons_TotalIsTheirSum()
    {
        var tally = new Tally<Reason>();
        tally.Count(Reason.First);
        tally.Count(Reason.SecondReason, 2);

        Assert.Equal(3, tally.Total);
        Assert.Equal([(Reason.First, 1L), (Reason.SecondReason, 2L)], tally.NonZero());
    }

    [Fact]
    public void SnakeCase_TwoWords_AreJoinedByUnderscore() =>
        Assert.Equal("second_reason", SnakeCase.From(Reason.SecondReason));
}
