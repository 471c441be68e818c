using System.Text;
using System.Text.Json;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Drift;
using ServeFlow.Serving.Sensors;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;
using ServeFlow.Tests.Cascade.Drift;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

/// <summary>A whole sensor notices that its traffic changes, and says so to people, in records and in statistics.
/// </summary>
public sealed class SensorDriftTests
{
    [Fact]
    public void Run_TrafficThatChanges_SaysSoOnceAndRecordsIt()
    {
        var said = new List<string>();
        using var stream = new MemoryStream();
        using var sensor = new Sensor(Plan(), new(), [new(Traffic())],
            [new("eve", new LimitedSink(new EveSink(stream, Plan(), new()), new())) { Lossless = true }], said.Add);

        sensor.Start();
        while (!sensor.WaitForRecords(TimeSpan.FromSeconds(10)))
        {
        }

        var account = sensor.Complete(TimeSpan.FromSeconds(10));
        var text = Encoding.UTF8.GetString(stream.ToArray());
        string[] lines = [.. text.Split('\n')
            .Where(line => line.Contains("\"event_type\":\"drift\"", StringComparison.Ordinal))];

        Assert.Equal(900, account.Decisions.Total);
        Assert.Equal(2, said.Count);
        Assert.StartsWith("drift: ", said[0], StringComparison.Ordinal);
        Assert.Contains("class even, confidence 0.6", said[0], StringComparison.Ordinal);
        Assert.Contains(" since 2018-03-06 02:30", said[0], StringComparison.Ordinal);
        Assert.StartsWith("drift: over since 2018-03-06 02:30, it began 2018-03-06 02:30", said[1],
            StringComparison.Ordinal);
        Assert.Equal(["begin", "end"], lines.Select(line =>
            JsonDocument.Parse(line).RootElement.GetProperty("drift").GetProperty("state").GetString()));
        var drift = Assert.Single(sensor.Statistics.Drifts)!;
        Assert.Equal((9, 900, 1), (drift.Windows, drift.Flows, drift.Alarms));
    }

    [Fact]
    public void Statistics_NoBaseline_SayNothing()
    {
        using var sensor = new Sensor(TinyCascade.Plan(1), new(), [new(Traffic())], [], _ => { });

        Assert.Null(Assert.Single(sensor.Statistics.Drifts));
    }

    static CascadePlan Plan()
    {
        var plan = TinyCascade.Plan(["even", "odd"], 1);
        return plan with
        {
            Drift = DriftPlan.Compile(SmallBaseline.Create("even", "odd", 1), plan.Labels, ["tier0"], plan.Schema, 1),
        };
    }

    /// <summary>Both classes in turn, the even one unsure from the 301st flow to the 600th.</summary>
    static MemorySource Traffic()
    {
        var source = new MemorySource();
        for (var i = 0; i < 900; i++)
        {
            source.Udp(i, 1000 + i, i % 2 == 1 ? TinyCascade.SureOdd
                : i is >= 300 and < 600 ? TinyCascade.UnsureEven : TinyCascade.SureEven);
        }

        return source;
    }
}
