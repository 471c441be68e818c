using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ServeFlow.Service;

/// <summary>
/// Offers a sensor's metrics as instruments of OpenTelemetry. The metrics of one scrape are read once and belong
/// together.
/// </summary>
sealed class SensorMeter : IDisposable
{
    public const string Name = "ServeFlow";

    /// <summary>Longer than an exporter takes from the first instrument to the last.</summary>
    static readonly TimeSpan Scrape = TimeSpan.FromMilliseconds(100);

    readonly Meter meter = new(Name);
    readonly IRunningSensor sensor;
    readonly Lock gate = new();
    Dictionary<string, MetricFamily> families;
    long readAt;

    public SensorMeter(IRunningSensor sensor)
    {
        this.sensor = sensor;
        families = Read();
        foreach (var family in families.Values)
        {
            AddInstrument(family);
        }
    }

    public void Dispose() => meter.Dispose();

    void AddInstrument(MetricFamily family)
    {
        if (family.IsCounter)
        {
            meter.CreateObservableCounter(family.Name, () => Measure(family.Name), null, family.Help);
        }
        else
        {
            meter.CreateObservableGauge(family.Name, () => Measure(family.Name), null, family.Help);
        }
    }

    IEnumerable<Measurement<double>> Measure(string name)
    {
        lock (gate)
        {
            if (Stopwatch.GetElapsedTime(readAt) > Scrape)
            {
                families = Read();
            }

            return [.. families[name].Points.Select(point => new Measurement<double>(point.Value, point.Labels))];
        }
    }

    Dictionary<string, MetricFamily> Read()
    {
        readAt = Stopwatch.GetTimestamp();
        return sensor.ReadMetrics().ToDictionary(family => family.Name);
    }
}
