using System.Text;
using System.Text.Json;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Drift;
using ServeFlow.Packets;
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
    public void Use_AnotherModel_ItsAnswersAreComparedWithItsOwnBaseline()
    {
        var said = new List<string>();
        var (first, second) = (Plan(), Plan(Unsure()) with { Version = "2" });
        using var stream = new MemoryStream();
        var polls = 0;
        Sensor? sensor = null;
        var source = new ChangingSource(Traffic(burstSize: SmallBaseline.WindowFlows, unsureTo: 1200), () =>
        {
            sensor!.WaitForRecords(TimeSpan.Zero); // has looked at the windows of all bursts before
            SensorModel? next = polls++ switch
            {
                6 => new(second, "2"),
                9 => new(first, ""),
                11 => new(TinyCascade.Plan(["even", "odd"], 1) with { Version = "3" }, "3"),
                _ => null,
            };
            if (next is not null)
            {
                sensor.Use(new(next), TimeSpan.Zero);
            }
        });
        var plans = new ServedPlans(first);
        sensor = new(first, new() { Plans = plans }, [new(source)],
            [new("eve", new EveSink(stream, first, new() { Plans = plans })) { Lossless = true }], said.Add);
        using var disposed = sensor;
        sensor.Start();
        Assert.True(sensor.Wait(TimeSpan.FromSeconds(20)));
        sensor.Complete(TimeSpan.FromSeconds(10));

        Assert.Equal(5, said.Count);
        Assert.Contains("class even, confidence 0.6", said[0], StringComparison.Ordinal);
        Assert.Equal("drift: it began 2018-03-06 02:30, and tiny 2 answers now", said[1]);
        Assert.Contains("class even, confidence 0.6", said[2], StringComparison.Ordinal);
        Assert.EndsWith(", and tiny 3 answers now", said[3], StringComparison.Ordinal);
        Assert.StartsWith("drift is not watched: tiny 3 does not say", said[4], StringComparison.Ordinal);
        Assert.Null(Assert.Single(sensor.Statistics.Drifts));
        Assert.Equal([("begin", "1"), ("end", "1"), ("begin", "1"), ("end", "1")], Events(stream));
    }

    [Fact]
    public void Use_Canary_IsNotCompared()
    {
        using var sensor = new Sensor(Plan(), new(), [new(Traffic())], [], _ => { });
        var other = TinyCascade.Plan(["even", "odd"], 1) with { Version = "2" };
        Assert.False(sensor.Use(new(new(Plan(), ""), new(other, "2"), 1), TimeSpan.Zero));
        sensor.Start();
        Assert.True(sensor.Wait(TimeSpan.FromSeconds(20)));
        sensor.Complete(TimeSpan.FromSeconds(10));

        Assert.Equal(900, sensor.SumAccounts().AnswersByModel[1]);
        Assert.Equal(0, Assert.Single(sensor.Statistics.Drifts)!.Windows);
    }

    [Fact]
    public void Statistics_NoBaseline_SayNothing()
    {
        using var sensor = new Sensor(TinyCascade.Plan(1), new(), [new(Traffic())], [], _ => { });

        Assert.Null(Assert.Single(sensor.Statistics.Drifts));
    }

    static List<(string?, string?)> Events(MemoryStream stream) =>
    [
        .. Encoding.UTF8.GetString(stream.ToArray()).Split('\n')
            .Where(line => line.Contains("\"event_type\":\"drift\"", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("drift"))
            .Select(drift => (drift.GetProperty("state").GetString(), drift.GetProperty("model_version").GetString())),
    ];

    static CascadePlan Plan(DriftBaseline? baseline = null)
    {
        var plan = TinyCascade.Plan(["even", "odd"], 1);
        return plan with
        {
            Drift = DriftPlan.Compile(baseline ?? SmallBaseline.Create("even", "odd", 1), plan.Labels, ["tier0"],
                plan.Schema, 1),
        };
    }

    /// <summary>Gets a baseline by which the even class is always unsure.</summary>
    static DriftBaseline Unsure()
    {
        var sure = SmallBaseline.Create("even", "odd", 1);
        var even = sure.Classes[0];
        return sure with
        {
            Confidence = sure.Confidence with { Value = 0.75 },
            Classes = [even with { Confidence = even.Confidence with { Value = 0.6 } }, sure.Classes[1]],
        };
    }

    /// <summary>Both classes in turn, the even one unsure from the 301st flow on.</summary>
    /// <param name="unsureTo">The first flow that is sure again.</param>
    static MemorySource Traffic(int burstSize = PacketBurst.Capacity, int unsureTo = 600)
    {
        var source = new MemorySource(burstSize);
        for (var i = 0; i < Math.Max(900, unsureTo); i++)
        {
            source.Udp(i, 1000 + i, i % 2 == 1 ? TinyCascade.SureOdd
                : i >= 300 && i < unsureTo ? TinyCascade.UnsureEven : TinyCascade.SureEven);
        }

        return source;
    }
}
