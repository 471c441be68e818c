using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Drift;
using ServeFlow.Telemetry;

namespace ServeFlow.Sinks.Formats;

/// <summary>Writes that a drift began or is over as a line of EVE: <c>event_type</c> is <c>drift</c>.</summary>
public static class DriftEvent
{
    /// <summary>Formats the line, its end included.</summary>
    public static byte[] Format(DriftChange change, CascadePlan plan)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", Time(change.State.LastNs));
            json.WriteString("event_type", "drift");
            json.WriteStartObject("drift");
            json.WriteString("state", change.IsBegin ? "begin" : "end");
            json.WriteString("since", Time(change.SinceNs));
            json.WriteString("model", plan.Name);
            json.WriteString("model_version", plan.Version);
            WriteState(json, change.State, plan.Drift!.Baseline);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return [.. bytes.WrittenSpan, (byte)'\n'];
    }

    static void WriteState(Utf8JsonWriter json, DriftState state, DriftBaseline baseline)
    {
        json.WriteNumber("score", Rounded(state.Score));
        json.WriteNumber("alarm_score", Rounded(baseline.AlarmScore));
        json.WriteNumber("windows", state.Windows);
        json.WriteStartArray("figures");
        foreach (var reading in DriftText.FindUnusual(state))
        {
            json.WriteStartObject();
            json.WriteString("figure", SnakeCase.From(reading.Kind));
            WriteReading(json, reading);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteReading(Utf8JsonWriter json, DriftReading reading)
    {
        if (reading.Name is { } name)
        {
            json.WriteString("name", name);
        }

        json.WriteNumber("value", Rounded(reading.Value));
        json.WriteNumber("usual", Rounded(reading.Usual));
        json.WriteNumber("score", Rounded(reading.Score));
    }

    static double Rounded(double value) => Math.Round(value, 4);

    static string Time(long ns)
    {
        Span<byte> text = stackalloc byte[FieldText.MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..FieldText.Timestamp(ns, text)]);
    }
}
