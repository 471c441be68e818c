namespace ServeFlow.Service;

/// <summary>Represents a metric with all its series.</summary>
/// <param name="Name">The name in Prometheus, without <c>_total</c>.</param>
/// <param name="IsCounter">Whether it only rises; else it is a gauge.</param>
/// <param name="Help">What it counts, and in which unit.</param>
/// <param name="Points">The series: a value each, told apart by labels.</param>
public sealed record MetricFamily(string Name, bool IsCounter, string Help, IReadOnlyList<MetricPoint> Points)
{
    public static MetricFamily Counter(string name, string help, params IReadOnlyList<MetricPoint> points) =>
        new(name, true, help, points);

    public static MetricFamily Gauge(string name, string help, params IReadOnlyList<MetricPoint> points) =>
        new(name, false, help, points);
}

/// <summary>Represents a value of a metric.</summary>
/// <param name="Labels">Names and values; never an address or a port, which would be a series for each host.</param>
public sealed record MetricPoint(double Value, params IReadOnlyList<KeyValuePair<string, object?>> Labels)
{
    /// <summary>Creates a value with one label.</summary>
    public static MetricPoint From(string label, string word, double value) =>
        new(value, [new KeyValuePair<string, object?>(label, word)]);
}
