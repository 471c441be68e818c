using ServeFlow.Service.Live;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>Tests what a sensor keeps of the last hour where its clock is set, or its process stands still.</summary>
public sealed class SensorHistoryTests : IDisposable
{
    static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-history-").FullName;
    readonly SensorHistory history;

    public SensorHistoryTests() => history = new(new(SmallBundle.WritePlan(folder, 0.99)));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void Add_ClockWasSet_SamplesAndRatesGoOn(int setBy)
    {
        for (var second = 0; second < 4; second++)
        {
            var elapsed = TimeSpan.FromSeconds(second);
            Assert.True(history.IsDue(elapsed));
            history.Add(new(Noon + elapsed + TimeSpan.FromSeconds(second < 2 ? 0 : setBy), elapsed, 10 * second, 0, 0,
                new(history.Tiers.Count)));
        }

        var rates = HistoryDocument.From(history, byMinute: false);
        Assert.Equal([10, 10, 10], rates.Packets);
        Assert.Equal([1, 1], rates.Times.Zip(rates.Times.Skip(1), (before, after) => after - before));
        var top = TopDocument.From(history);
        Assert.Equal((3.0, 10.0), (top.Window, top.PacketsPerSecond));
        Assert.Equal($"{Noon + TimeSpan.FromSeconds(3 + setBy):yyyy-MM-ddTHH:mm:ss.fffZ}", top.Timestamp);
    }

    [Fact]
    public void Cadence_StoodStillForAnHour_MakesUpForNothing()
    {
        var second = TimeSpan.FromSeconds(1);
        var cadence = Cadence.After(second);

        cadence.Step(1.25 * second, second);
        Assert.Equal((false, true), (cadence.IsDue(1.9 * second), cadence.IsDue(2 * second)));
        cadence.Step(3600 * second, second);
        Assert.Equal((false, true), (cadence.IsDue(3600.9 * second), cadence.IsDue(3601 * second)));
    }
}
