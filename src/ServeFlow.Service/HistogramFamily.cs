using System.Globalization;
using System.Text;

namespace ServeFlow.Service;

/// <summary>Represents a histogram with all its series. OpenTelemetry has no instrument for counts that are kept
/// elsewhere.</summary>
/// <param name="Name">The name in Prometheus.</param>
/// <param name="Help">What is measured, and in which unit.</param>
public sealed record HistogramFamily(string Name, string Help, IReadOnlyList<HistogramSeries> Series)
{
    /// <summary>Writes it as Prometheus reads it.</summary>
    public void WriteTo(StringBuilder text)
    {
        text.Append($"# TYPE {Name} histogram\n# HELP {Name} {Help}\n");
        foreach (var series in Series)
        {
            series.WriteTo(text, Name);
        }
    }
}

/// <summary>Represents a series of a histogram, told apart by its labels.</summary>
/// <param name="Labels">Names and values; at least one.</param>
/// <param name="Bounds">The upper bound of each count but the last, which has all beyond; rising.</param>
/// <param name="Counts">How many values lie between each bound and the one before; one more than the bounds.</param>
/// <param name="Sum">The sum of all values.</param>
public sealed record HistogramSeries(IReadOnlyList<KeyValuePair<string, string>> Labels, IReadOnlyList<double> Bounds,
    IReadOnlyList<long> Counts, double Sum)
{
    internal void WriteTo(StringBuilder text, string name)
    {
        var label = string.Join(',', Labels.Select(one => $"{one.Key}=\"{Escape(one.Value)}\""));
        var below = 0L;
        for (var i = 0; i < Counts.Count; i++)
        {
            below += Counts[i];
            var bound = i < Bounds.Count ? Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Append($"{name}_bucket{{{label},le=\"{bound}\"}} {below}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{{{label}}} {Sum}\n");
        text.Append($"{name}_count{{{label}}} {below}\n");
    }

    static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
