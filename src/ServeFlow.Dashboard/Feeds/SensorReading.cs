using System.Diagnostics;
using ServeFlow.Service;

namespace ServeFlow.Dashboard.Feeds;

/// <summary>Holds a sensor's metrics of one moment, by name.</summary>
/// <param name="At">A time stamp of <see cref="Stopwatch"/>.</param>
/// <param name="Unready">Why the sensor cannot do its work; null where it does it.</param>
public sealed record SensorReading(long At, string? Unready, StatusDocument Status,
    IReadOnlyDictionary<string, MetricFamily> Families)
{
    public static SensorReading Read(IRunningSensor sensor) => new(Stopwatch.GetTimestamp(), sensor.Unready,
        StatusDocument.Read(sensor), sensor.ReadMetrics().ToDictionary(family => family.Name));

    /// <summary>Gets the series of a metric; none where the sensor does not have it.</summary>
    public IReadOnlyList<MetricPoint> Points(string name) =>
        Families.TryGetValue(name, out var family) ? family.Points : [];

    /// <summary>Gets the packets that were lost before they were read, at a place or at all of them.</summary>
    /// <param name="where">kernel or interface; null for both.</param>
    public double Dropped(string? where = null) => Points("serveflow_packets_dropped")
        .Where(point => point.Read("iface").Length > 0 && (where is null || point.Read("where") == where))
        .Sum(point => point.Value);

    /// <summary>Sums the series of a metric that have a value of a label; all of them where none is given.</summary>
    public double Sum(string name, string? label = null, string? value = null) => Points(name)
        .Where(point => label is null || point.Read(label) == value).Sum(point => point.Value);
}

/// <summary>Reads the labels of a series.</summary>
static class MetricLabels
{
    /// <summary>Gets the value of a label; empty where the series does not have it.</summary>
    public static string Read(this MetricPoint point, string label) =>
        point.Labels.FirstOrDefault(pair => pair.Key == label).Value?.ToString() ?? "";
}
