using System.Diagnostics;
using ServeFlow.Service.Live;

namespace ServeFlow.Dashboard.Feeds;

/// <summary>Represents a sensor as the page shows it: its metrics now and some seconds ago, and its rates over
/// time.</summary>
/// <param name="Top">What it does now; known from the first moment on.</param>
/// <param name="Waits">The waits for each tier's answers over the last minute.</param>
/// <param name="Models">The models; null while they are read for the first time.</param>
public sealed record SensorView(SensorReading Before, SensorReading Now, TopDocument Top, HistoryDocument Seconds,
    HistoryDocument Minutes, IReadOnlyList<TierWaits> Waits, ModelsDocument? Models)
{
    /// <summary>Gets the fleet; null where the sensor belongs to none, and until it was read.</summary>
    public FleetReading? Fleet { get; init; }

    /// <summary>Gets whether a packet has been captured since the start.</summary>
    public bool HasPackets => Now.Sum("serveflow_packets_captured") > 0;

    /// <summary>Gets the tiers in their order.</summary>
    public IReadOnlyList<TierView> Tiers { get; } = [.. Now.Points("serveflow_decisions")
        .GroupBy(point => point.Read("tier"))
        .Select(tier => new TierView(tier.Key,
            [.. tier.Select(point => new ReasonCount(point.Read("reason"), (long)point.Value))],
            (long)Now.Sum("serveflow_decisions_shed", "tier", tier.Key)))];

    /// <summary>Computes how much a counter rises a second; 0 for the first second of a page.</summary>
    public double Rate(string name, string? label = null, string? value = null) =>
        Rate(reading => reading.Sum(name, label, value));

    /// <summary>Computes how much a count rises a second; 0 for the first second of a page.</summary>
    public double Rate(Func<SensorReading, double> count)
    {
        var seconds = Stopwatch.GetElapsedTime(Before.At, Now.At).TotalSeconds;
        return seconds > 0.2 ? (count(Now) - count(Before)) / seconds : 0;
    }
}

/// <summary>Represents the answers of a tier since the start.</summary>
/// <param name="Shed">Answers that it would have escalated but for the load.</param>
public sealed record TierView(string Name, IReadOnlyList<ReasonCount> Reasons, long Shed)
{
    public long Answers { get; } = Reasons.Sum(reason => reason.Count);

    /// <summary>Gets the answers of which the tier was sure, or which were its to give as the last one.</summary>
    public long InTime => Answers - Early - Overload;

    /// <summary>Gets the answers on fewer packets than the tier waits for.</summary>
    public long Early => Count("flow_ended") + Count("wait_timeout");

    public long Overload => Count("overload") + Count("tier_unavailable");

    long Count(string name) => Reasons.Where(reason => reason.Name == name).Sum(reason => reason.Count);
}

/// <summary>Counts the answers for one reason.</summary>
public sealed record ReasonCount(string Name, long Count);
