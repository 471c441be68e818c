using System.Text.Json;

namespace ServeFlow.Cli.Commands.Control;

/// <summary>Formats a record as one line for people.</summary>
static class RecordLine
{
    /// <param name="eve">The record as a line of EVE.</param>
    public static string Format(string eve)
    {
        using var document = JsonDocument.Parse(eve);
        var record = document.RootElement;
        var answer = record.GetProperty("serveflow");
        var answers = answer.TryGetProperty("tasks", out var tasks)
            ? string.Join(", ", tasks.EnumerateObject().Select(task => $"{task.Name}: {Answer(task.Value)}"))
            : answer.TryGetProperty("task", out var name) ? $"{name}: {Answer(answer)}" : Answer(answer);
        return $"{Text(record, "timestamp")[..26]} {Text(record, "event_type"),-10} {Text(record, "proto"),-4} "
            + $"{Side(record, "src")} > {Side(record, "dest")} {answers}{End(record)}";
    }

    static string Answer(JsonElement answer) =>
        $"{Text(answer, "label")} {answer.GetProperty("confidence").GetDouble():F3} "
        + $"{Text(answer, "tier")} {Text(answer, "reason")}";

    /// <summary>Reads how many records were missed.</summary>
    public static long ReadMissed(string data)
    {
        using var document = JsonDocument.Parse(data);
        return document.RootElement.GetProperty("missed").GetInt64();
    }

    static string Side(JsonElement record, string side)
    {
        var address = Text(record, $"{side}_ip");
        var shown = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        return record.TryGetProperty($"{side}_port", out var port) ? $"{shown}:{port}" : address;
    }

    /// <summary>Says why a flow ended, and how many packets and bytes it had in both directions.</summary>
    static string End(JsonElement record) => record.TryGetProperty("flow", out var flow)
        && Text(record, "event_type") == "flow"
        ? $" ended={Text(flow, "reason")} packets={Sum(flow, "pkts")} bytes={Sum(flow, "bytes")}" : "";

    static long Sum(JsonElement flow, string what) =>
        flow.GetProperty($"{what}_toserver").GetInt64() + flow.GetProperty($"{what}_toclient").GetInt64();

    static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.ToString() : "-";
}
