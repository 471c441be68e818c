using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Drift;
using ServeFlow.Telemetry;

namespace ServeFlow.Sinks.Formats;

/// <summary>Holds that a drift began or is over, as a line of EVE: <c>event_type</c> is <c>drift</c>.</summary>
sealed record DriftEvent(string Timestamp, string EventType, DriftDescription Drift)
{
    static readonly DriftJson Json = new(new(DriftJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Formats the line, its end included.</summary>
    public static byte[] Format(DriftChange change, CascadePlan plan)
    {
        var baseline = plan.Drift!.Baseline;
        var line = new DriftEvent(Time(change.State.LastNs), "drift", new(
            change.IsBegin ? "begin" : "end", Time(change.SinceNs), plan.Name, plan.Version,
            Rounded(change.State.Score), Rounded(baseline.AlarmScore), change.State.Windows,
            [.. DriftText.FindUnusual(change.State).Select(Describe)]));
        return [.. JsonSerializer.SerializeToUtf8Bytes(line, Json.DriftEvent), (byte)'\n'];
    }

    static UnusualFigure Describe(DriftReading reading) => new(SnakeCase.From(reading.Kind), reading.Name,
        Rounded(reading.Value), Rounded(reading.Usual), Rounded(reading.Score));

    static double Rounded(double value) => Math.Round(value, 4);

    static string Time(long ns)
    {
        Span<byte> text = stackalloc byte[FieldText.MaxLength];
        return Encoding.ASCII.GetString(text[..FieldText.Timestamp(ns, text)]);
    }
}

/// <summary>Describes a drift: when it began, of which model, and the figures that are unusual.</summary>
sealed record DriftDescription(string State, string Since, string Model, string ModelVersion, double Score,
    double AlarmScore, long Windows, IReadOnlyList<UnusualFigure> Figures);

/// <summary>Represents a figure beside what is usual for it.</summary>
/// <param name="Name">The class or the question that it is of; null for figures of all flows.</param>
sealed record UnusualFigure(string Figure,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name,
    double Value, double Usual, double Score);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DriftEvent))]
sealed partial class DriftJson : JsonSerializerContext;
