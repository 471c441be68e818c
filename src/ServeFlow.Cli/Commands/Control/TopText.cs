using System.Text;
using System.Text.Json;

namespace ServeFlow.Cli.Commands.Control;

/// <summary>Shows what a sensor does now, as tables for a terminal.</summary>
static class TopText
{
    /// <summary>Lays out three answers of a sensor.</summary>
    /// <param name="status">As <c>/api/status</c> gives it; the others likewise.</param>
    public static string Format(string status, string top, string stats)
    {
        using var state = JsonDocument.Parse(status);
        using var now = JsonDocument.Parse(top);
        using var counts = JsonDocument.Parse(stats);
        var text = new StringBuilder();
        AddHead(text, state.RootElement, now.RootElement, counts.RootElement);
        AddTiers(text, now.RootElement);
        AddInterfaces(text, counts.RootElement);
        AddSinks(text, counts.RootElement);
        AddReceivers(text, counts.RootElement);
        AddLabels(text, now.RootElement);
        return text.ToString().TrimEnd();
    }

    static void AddHead(StringBuilder text, JsonElement state, JsonElement now, JsonElement counts)
    {
        var isReady = state.GetProperty("ready").GetBoolean();
        var dropped = counts.GetProperty("dropped");
        text.AppendLine($"serveflow  {(isReady ? "ready" : "NOT READY: " + Text(state, "reason"))}, "
            + $"up {TimeSpan.FromSeconds(Math.Floor(Real(state, "seconds"))):c}, model {Text(state, "model")} "
            + Text(state, "model_version"));
        text.AppendLine($"rates      {Real(now, "packets_per_second"):N0} packets/s, "
            + $"{Real(now, "flows_per_second"):N0} flows/s, {Real(now, "answers_per_second"):N0} answers/s");
        text.AppendLine($"flows      {Whole(now, "flows"):N0} created, {Whole(now, "active"):N0} active, "
            + $"{Whole(now, "undecided"):N0} undecided, {Whole(now, "overload"):N0} answered early for load");
        text.AppendLine($"dropped    {Real(now, "dropped_per_second"):N0}/s; kernel {Whole(dropped, "kernel"):N0}, "
            + $"interface {Whole(dropped, "interface"):N0} of {Whole(counts, "received_by_filter"):N0} packets");
        text.AppendLine();
    }

    static void AddTiers(StringBuilder text, JsonElement now)
    {
        text.AppendLine($"{"TIER",-24} {"ANSWERS/S",12} {"ANSWERS",14} {"SHARE",7} {"CONFIDENCE",10} {"WAIT P50",10} "
            + $"{"WAIT P99",10} {"SHED",10}");
        foreach (var tier in now.GetProperty("tiers").EnumerateArray())
        {
            text.AppendLine($"{Name(tier),-24} {Real(tier, "per_second"),12:N0} {Whole(tier, "answers"),14:N0} "
                + $"{100 * Real(tier, "share"),6:F1}% {Or(tier, "confidence", ""),10} "
                + $"{Or(tier, "wait_ms_p50", " ms"),10} {Or(tier, "wait_ms_p99", " ms"),10} "
                + $"{Whole(tier, "shed"),10:N0}");
        }

        text.AppendLine();
    }

    static void AddInterfaces(StringBuilder text, JsonElement counts)
    {
        if (counts.GetProperty("interfaces").GetArrayLength() == 0)
        {
            return;
        }

        text.AppendLine($"{"INTERFACE",-24} {"STATE",12} {"RECEIVED",14} {"DROPPED",12} {"BY DEVICE",12}");
        foreach (var link in counts.GetProperty("interfaces").EnumerateArray())
        {
            text.AppendLine($"{Name(link),-24} {link.GetProperty("state"),12} {Whole(link, "received"),14:N0} "
                + $"{Whole(link, "dropped_by_kernel"),12:N0} {Whole(link, "dropped_by_interface"),12:N0}");
        }

        text.AppendLine();
    }

    static void AddSinks(StringBuilder text, JsonElement counts)
    {
        text.AppendLine($"{"OUTPUT",-24} {"WRITTEN",14} {"LOST",12} {"FAILED",12} {"WAITING",12}");
        foreach (var sink in counts.GetProperty("sinks").EnumerateArray())
        {
            text.AppendLine($"{Name(sink),-24} {Whole(sink, "written"),14:N0} "
                + $"{Whole(sink, "lost_predictions") + Whole(sink, "lost_flows"),12:N0} {Whole(sink, "failed"),12:N0} "
                + $"{Whole(sink, "waiting"),12:N0}");
        }

        text.AppendLine();
    }

    /// <summary>Shows outputs whose records are delivered, and whether the receiver takes them.</summary>
    static void AddReceivers(StringBuilder text, JsonElement counts)
    {
        var delivered = counts.GetProperty("sinks").EnumerateArray()
            .Where(sink => sink.TryGetProperty("spool", out _)).ToList();
        if (delivered.Count == 0)
        {
            return;
        }

        text.AppendLine($"{"RECEIVER",-24} {"STATE",14} {"DELIVERED",12} {"DROPPED",12} {"WAITING",12}");
        foreach (var sink in delivered)
        {
            var spool = sink.GetProperty("spool");
            var isFailing = spool.TryGetProperty("failing", out var failing) && failing.GetBoolean();
            text.AppendLine($"{Name(sink),-24} {(isFailing ? "FAILING" : "ok"),14} "
                + $"{Whole(spool, "delivered"),12:N0} {Whole(spool, "dropped"),12:N0} {Whole(spool, "waiting"),12:N0}");
        }

        text.AppendLine();
    }

    /// <summary>Comes last, since there may be more labels than lines.</summary>
    static void AddLabels(StringBuilder text, JsonElement now)
    {
        text.AppendLine($"{"LABEL",-24} {"ANSWERS/S",12} {"ANSWERS",14} {"SHARE",7}");
        foreach (var label in now.GetProperty("labels").EnumerateArray())
        {
            text.AppendLine($"{Name(label),-24} {Real(label, "per_second"),12:N0} {Whole(label, "answers"),14:N0} "
                + $"{100 * Real(label, "share"),6:F1}%");
        }
    }

    static string Name(JsonElement item) => Text(item, "name");

    /// <summary>Gets a text of others, such as a label, which may hold characters that a terminal obeys.</summary>
    static string Text(JsonElement item, string name) => PrintableText.Escape(item.GetProperty(name).ToString());

    static double Real(JsonElement item, string name) => item.GetProperty(name).GetDouble();

    static long Whole(JsonElement item, string name) => item.GetProperty(name).GetInt64();

    static string Or(JsonElement item, string name, string unit) =>
        item.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? $"{value.GetDouble():0.###}{unit}" : "-";
}
