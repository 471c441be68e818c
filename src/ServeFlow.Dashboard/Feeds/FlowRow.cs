using System.Globalization;
using System.Text.Json;

namespace ServeFlow.Dashboard.Feeds;

/// <summary>Represents a record in the list of flows.</summary>
/// <param name="Number">Distinguishes the rows of one page.</param>
/// <param name="Event">prediction or flow.</param>
sealed record FlowRow(long Number, string Time, string Event, string Source, string Destination, string Protocol,
    string Label, double? Confidence, string Tier, string Reason)
{
    /// <summary>Reads a line of EVE; null where it is none.</summary>
    public static FlowRow? Read(long number, ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Read(number, document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static FlowRow Read(long number, JsonElement record)
    {
        var answer = record.TryGetProperty("serveflow", out var own) ? own : default;
        return new(number, Clock(Text(record, "timestamp")), Text(record, "event_type"),
            End(record, "src"), End(record, "dest"), Text(record, "proto"), ReadLabel(answer),
            answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("confidence", out var confidence)
                && confidence.ValueKind == JsonValueKind.Number ? confidence.GetDouble() : null,
            Text(answer, "tier"), Text(answer, "reason"));
    }

    /// <summary>Returns the label; of several tasks the label of each.</summary>
    static string ReadLabel(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("tasks", out var tasks)
            ? string.Join(", ", tasks.EnumerateObject().Select(task => $"{task.Name}: {Text(task.Value, "label")}"))
            : Text(answer, "task") is { Length: > 0 } name ? $"{name}: {Text(answer, "label")}" : Text(answer, "label");

    static string End(JsonElement record, string side)
    {
        var (address, port) = (Text(record, side + "_ip"), Text(record, side + "_port"));
        return port.Length == 0 ? address : address.Contains(':') ? $"[{address}]:{port}" : $"{address}:{port}";
    }

    static string Clock(string timestamp) => DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture,
        DateTimeStyles.AdjustToUniversal, out var time) ? time.ToString("HH:mm:ss.fff") : timestamp;

    static string Text(JsonElement record, string name) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty(name, out var value)
            ? value.ToString() : "";
}
