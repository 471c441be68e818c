using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServeFlow.Training.Reports.Pages;

/// <summary>What a latency benchmark measured.</summary>
/// <param name="Cpu">Name of the processor.</param>
/// <param name="Workers">Threads.</param>
/// <param name="Points">By rising load.</param>
public sealed record LoadRun(string Cpu, int Workers, IReadOnlyList<LoadPoint> Points)
{
    /// <summary>Reads the JSON object that the benchmark printed.</summary>
    /// <exception cref="InputException">The file cannot be read or is something else; the message names the
    /// field.</exception>
    public static LoadRun Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return FromJson(document.RootElement);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InputException($"{path}: is not the JSON object that the latency benchmark prints "
                + $"({e.Message.TrimEnd('.')}); keep what it prints in a file", e)
            {
                Settings = [Setting.Load],
            };
        }
    }

    /// <exception cref="FormatException">A field is missing or out of its range.</exception>
    public static LoadRun FromJson(JsonObject run)
    {
        using var document = JsonDocument.Parse(run.ToJsonString());
        return FromJson(document.RootElement);
    }

    static LoadRun FromJson(JsonElement root)
    {
        var points = root.GetProperty("offered").EnumerateArray().Select(LoadPoint.FromJson)
            .OrderBy(p => p.Offered).ToList();
        return points.Count > 0
            ? new(root.GetProperty("cpu").GetString() ?? "", root.GetProperty("workers").GetInt32(), points)
            : throw new FormatException("'offered' is empty");
    }
}

/// <summary>One offered load.</summary>
/// <param name="Offered">New flows a second.</param>
/// <param name="Achieved">Flows a second that were taken up.</param>
/// <param name="P50Us">Microseconds from when a flow's first packet was due to its answer, at the median.</param>
/// <param name="P99Us">At 99 %.</param>
/// <param name="P999Us">At 99.9 %.</param>
/// <param name="Under16Ms">Share of flows.</param>
/// <param name="Dropped">Packets for which there was no room.</param>
/// <param name="Unanswered">Flows without an answer.</param>
public sealed record LoadPoint(double Offered, double Achieved, double P50Us, double P99Us, double P999Us,
    double Under16Ms, long Dropped, long Unanswered)
{
    /// <summary>That arrived, those dropped included; 0 where the run does not say.</summary>
    public long Packets { get; init; }

    /// <summary>That were taken up; 0 where the run does not say.</summary>
    public long Flows { get; init; }

    /// <summary>Flows that were answered by an earlier tier than they would have been without the load.</summary>
    public long Overload { get; init; }

    /// <summary>Of flows answered from their first packet, as <see cref="P50Us"/>; 0 where the run does not
    /// say.</summary>
    public double FirstP50Us { get; init; }

    /// <inheritdoc cref="FirstP50Us"/>
    public double FirstP99Us { get; init; }

    public double DroppedShare => Packets == 0 ? 0 : (double)Dropped / Packets;

    public double OverloadShare => Flows == 0 ? 0 : (double)Overload / Flows;

    /// <summary>Share of the offered flows that were not served at the pace at which they came.</summary>
    public double Missed => Math.Clamp(1 - (Achieved / Offered), 0, 1);

    internal static LoadPoint FromJson(JsonElement point)
    {
        var offered = Number("flows_per_second");
        if (offered <= 0 || !double.IsFinite(offered))
        {
            throw new FormatException($"'flows_per_second' is {offered}");
        }

        var hasFirst = point.TryGetProperty("first_packet", out var first);
        return new(offered, Number("achieved"), Number("p50_us"), Number("p99_us"), Number("p999_us"),
            Number("under_16ms"), (long)Number("dropped"), (long)Number("unanswered"))
        {
            Packets = (long)Optional(point, "packets"),
            Flows = (long)Optional(point, "flows"),
            Overload = (long)Optional(point, "overload"),
            FirstP50Us = hasFirst ? Optional(first, "p50_us") : 0,
            FirstP99Us = hasFirst ? Optional(first, "p99_us") : 0,
        };

        double Number(string field) => point.TryGetProperty(field, out var value)
            ? value.GetDouble()
            : throw new FormatException($"'{field}' is missing");

        static double Optional(JsonElement element, string field) =>
            element.TryGetProperty(field, out var value) ? value.GetDouble() : 0;
    }
}
