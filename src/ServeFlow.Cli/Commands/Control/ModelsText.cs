using System.Text;
using System.Text.Json;
using ServeFlow.Training.Reports.Summaries;

namespace ServeFlow.Cli.Commands.Control;

/// <summary>Shows the models of a sensor as tables for a terminal.</summary>
static class ModelsText
{
    /// <summary>Specifies the most lines of a table of classes or of pairs of them; <c>--json</c> has all.</summary>
    const int Most = 10;

    /// <param name="json">What <c>/api/models</c> gives: the models of a sensor, or of each of its tasks.</param>
    public static string Format(string json)
    {
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        foreach (var task in document.RootElement.TryGetProperty("tasks", out var tasks)
            ? tasks.EnumerateArray().ToArray() : [document.RootElement])
        {
            AddModels(text, task.GetProperty("models"));
            AddVersions(text, task.GetProperty("repository"));
            AddChanges(text, task);
            if (task.TryGetProperty("comparison", out var comparison) && comparison.ValueKind == JsonValueKind.Object)
            {
                AddComparison(text, comparison);
            }
        }

        return text.ToString().TrimEnd();
    }

    static void AddModels(StringBuilder text, JsonElement models)
    {
        if (models.EnumerateArray().Select(model => Word(model, "task")).FirstOrDefault() is { Length: > 0 } task)
        {
            text.AppendLine(PrintableText.Escape($"task {task}"));
        }

        var table = new TextTable("MODEL", "ROLE", "SHARE", "ANSWERS", "LABELS", "TIERS", "SHA-256");
        foreach (var model in models.EnumerateArray())
        {
            table.Add(Name(model), Word(model, "role"),
                model.TryGetProperty("share", out var share) && share.ValueKind == JsonValueKind.Number
                    ? Percent(share.GetDouble()) : "",
                $"{Whole(model, "answers"):N0}", $"{model.GetProperty("labels").GetArrayLength():N0}",
                string.Join(' ', model.GetProperty("tiers").EnumerateArray()), Word(model, "sha256")[..12]);
        }

        text.Append(table).AppendLine();
    }

    static void AddVersions(StringBuilder text, JsonElement repository)
    {
        var versions = repository.EnumerateArray().ToList();
        const string header = "VERSION";
        var width = versions.Select(version => Name(version).Length).Append(header.Length).Max();
        text.AppendLine($"{header.PadRight(width)}  STATE");
        foreach (var version in versions)
        {
            var reason = Word(version, "reason");
            text.AppendLine(PrintableText.Escape($"{Name(version).PadRight(width)}  {Word(version, "state")}"
                + (reason.Length > 0 ? $": {reason}" : "")));
        }

        text.AppendLine();
    }

    static void AddChanges(StringBuilder text, JsonElement task)
    {
        var changes = task.GetProperty("changes");
        text.AppendLine($"changes     {Whole(changes, "applied"):N0} applied, {Whole(changes, "refused"):N0} refused; "
            + $"packets waited {changes.GetProperty("longest_pause_us").GetDouble():N1} µs at most");
        if (Word(task, "previous") is { Length: > 0 } previous)
        {
            text.AppendLine(PrintableText.Escape(
                $"before      {previous} answered; 'ctl rollback' has it answer again"));
        }

        text.AppendLine();
    }

    static void AddComparison(StringBuilder text, JsonElement comparison)
    {
        var compared = Whole(comparison, "compared");
        text.AppendLine("shadow      " + (compared == 0 ? "no flow compared yet"
            : $"agrees on {Percent(comparison.GetProperty("agreement").GetDouble())} of {compared:N0} flows")
            + $"; not compared: {Whole(comparison, "unpaired"):N0} that were open when it began, "
            + $"{Whole(comparison, "answered_by_others"):N0} of a canary");
        var classes = comparison.GetProperty("classes").EnumerateArray()
            .Where(one => Whole(one, "disagreed") > 0).OrderByDescending(one => Whole(one, "disagreed")).ToList();
        if (classes.Count == 0)
        {
            text.AppendLine();
            return;
        }

        var byClass = new TextTable("CLASS", "AGREED", "DISAGREED");
        classes.Take(Most).ToList().ForEach(one => byClass.Add(Word(one, "name"), $"{Whole(one, "agreed"):N0}",
            $"{Whole(one, "disagreed"):N0}"));
        AddTable(text, byClass, classes.Count, "classes");
        var pairs = comparison.GetProperty("pairs").EnumerateArray().ToList();
        var byPair = new TextTable("MODEL → SHADOW", "FLOWS");
        pairs.Take(Most).ToList().ForEach(pair => byPair.Add(Word(pair, "name"), $"{Whole(pair, "flows"):N0}"));
        AddTable(text, byPair, pairs.Count, "pairs");
    }

    static void AddTable(StringBuilder text, TextTable table, int rows, string what)
    {
        text.AppendLine().Append(table);
        if (rows > Most)
        {
            text.AppendLine($"{Most:N0} of {rows:N0} {what} are shown; --json has all");
        }
    }

    static string Name(JsonElement model) => Word(model, "version") is { Length: > 0 } version
        ? $"{Word(model, "name")}@{version}" : Word(model, "name");

    static string Percent(double share) => $"{100 * share:0.##} %";

    static long Whole(JsonElement item, string name) => item.GetProperty(name).GetInt64();

    static string Word(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
