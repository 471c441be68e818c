using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Documents;
using Xunit;

namespace ServeFlow.Training.Tests.Metrics;

public sealed class IntervalTests
{
    [Fact]
    public void From_Draws_HasTheMiddleNinetyFivePercent()
    {
        var interval = Interval.From(Enumerable.Range(0, 1001).Reverse().Select(i => i / 1000.0))!.Value;

        Assert.Equal(0.025, interval.Low, 9);
        Assert.Equal(0.975, interval.High, 9);
    }

    [Fact]
    public void From_DrawsWithoutTheFigure_LeavesThemOut()
    {
        Assert.Equal(new Interval(3, 3), Interval.From([double.NaN, 3, double.NaN]));
        Assert.Null(Interval.From([double.NaN]));
        Assert.Null(Interval.From([]));
    }

    [Fact]
    public void Format_Json_IsAPairAndIsReadBack()
    {
        var json = DocumentJson.Format(new Holder(new(-0.5, 1.25), null));

        Assert.Equal("""{"some":[-0.5,1.25],"none":null}""", json);
        Assert.Equal(new(-0.5, 1.25), DocumentJson.Parse<Holder>(System.Text.Encoding.UTF8.GetBytes(json)).Some);
    }

    sealed record Holder(Interval Some, Interval? None);
}
