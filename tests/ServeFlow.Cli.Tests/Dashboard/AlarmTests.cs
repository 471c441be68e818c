using System.Diagnostics;
using ServeFlow.Dashboard.Feeds;
using ServeFlow.Service;
using ServeFlow.Service.Live;
using Xunit;

namespace ServeFlow.Cli.Tests.Dashboard;

/// <summary>The banner says what is amiss, and nothing else.</summary>
public sealed class AlarmTests
{
    [Fact]
    public void Find_NothingAmiss_IsEmpty() => Assert.Empty(Find([], null));

    [Fact]
    public void Find_WhatIsNotReady_ComesFirst()
    {
        var alarms = Find([Point("serveflow_interface_up", 0, ("iface", "eth0"))], "no interface carries packets");

        Assert.Equal(
            ["Not ready: no interface carries packets.", "eth0 carries no packets: the sensor is blind there."],
            alarms.Select(alarm => alarm.Text));
        Assert.All(alarms, alarm => Assert.True(alarm.IsSevere));
    }

    [Fact]
    public void Find_PacketsThatCannotBeDecoded_AreNotDropped()
    {
        Assert.Empty(Find([Point("serveflow_packets_dropped", 50, ("where", "decode"))], null));
        var alarm = Assert.Single(Find([Point("serveflow_packets_dropped", 50, ("iface", "eth0"), ("where", "kernel"))],
            null));
        Assert.Equal(("Packets are dropped before they are read.", "50 a second."), (alarm.Text, alarm.Detail));
    }

    [Theory]
    [InlineData("serveflow_emergency_mode", "worker", "1", true, "--max-flows")]
    [InlineData("serveflow_flows_ended", "reason", "lack_of_resources", true, "--max-flows")]
    [InlineData("serveflow_records_lost", "sink", "eve", false, "See Outputs below")]
    [InlineData("serveflow_records_failed", "sink", "eve", false, "See Outputs below")]
    [InlineData("serveflow_sink_failing", "sink", "eve", false, "See Outputs below")]
    [InlineData("serveflow_records_dropped", "sink", "socket", false, "See Outputs below")]
    [InlineData("serveflow_delivery_failing", "sink", "socket", false, "start the receiver")]
    [InlineData("serveflow_decisions", "reason", "overload", false, "--workers")]
    public void Find_EachKind_IsOneAlarmWithItsRemedy(string metric, string label, string value, bool isSevere,
        string remedy)
    {
        var alarm = Assert.Single(Find([Point(metric, 7, (label, value))], null));

        Assert.Equal(isSevere, alarm.IsSevere);
        Assert.Contains(remedy, alarm.Remedy);
    }

    [Fact]
    public void Find_Drift_SaysSinceWhen()
    {
        var drift = new DriftDocument(true, 1.5, 1, 9, 9000, ["confidence 0.31"], "2026-03-01T14:00:07.000000Z");

        Assert.StartsWith("Drift since 2026-03-01 14:00 UTC", Assert.Single(Find([], null, drift)).Text);
    }

    static IReadOnlyList<Alarm> Find(IReadOnlyList<(string Name, MetricPoint Point)> risen, string? unready,
        DriftDocument? drift = null)
    {
        var status = new StatusDocument("2026-03-01T09:00:00Z", "iot", "1", drift);
        var families = risen.ToDictionary(one => one.Name,
            one => new MetricFamily(one.Name, true, "", [one.Point]));
        var now = new SensorReading(Stopwatch.Frequency, unready, status, families);
        var before = now with { At = 0, Families = new Dictionary<string, MetricFamily>() };
        var history = new HistoryDocument(1, [], [], [], [], [], [], [], [], [], []);
        return Alarm.Find(new(before, now, new("", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, [], []), history, history, [], null));
    }

    static (string Name, MetricPoint Point) Point(string name, double value,
        params (string Label, string Value)[] labels) => (name,
            new(value, [.. labels.Select(label => new KeyValuePair<string, object?>(label.Label, label.Value))]));
}
