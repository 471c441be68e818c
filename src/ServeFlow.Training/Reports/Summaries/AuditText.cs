using System.Text;
using ServeFlow.Telemetry;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Reports.Summaries;

/// <summary>Provides the checks of an evaluation and what its answers rest on, as plain text.</summary>
static class AuditText
{
    /// <summary>Limits the fields that a terminal shows; the JSON object and the report have all.</summary>
    const int MaxFields = 12;

    /// <summary>Returns a line for each check with its verdict; empty where none was made.</summary>
    public static string Checks(EvaluationResult result)
    {
        if (result.Audit is not { } honesty)
        {
            return "";
        }

        var table = new TextTable("check", "figure", "expected", "verdict");
        foreach (var check in honesty.Checks)
        {
            table.Add(check.Name, NumberText.Fixed(check.Figure, 4), NumberText.Fixed(check.Expected, 4),
                SnakeCase.From(check.Verdict));
        }

        var text = new StringBuilder(table.ToString());
        foreach (var check in honesty.Checks.Where(c => c.Verdict != AuditVerdict.Passed))
        {
            text.Append($"{SnakeCase.From(check.Verdict)}: {PrintableText.Escape(check.Sentence)}\n");
        }

        foreach (var novel in honesty.Deduplicated.Where(n => n.Flows > 0))
        {
            text.Append($"weighted F1 on the {novel.Flows:N0} flows like no training flow in "
                + $"{(novel.Packets == 1 ? "the first packet" : $"{novel.Packets} packets")}: cascade "
                + $"{NumberText.Fixed(novel.Cascade, 4)}, slow only {NumberText.Fixed(novel.Slow, 4)} (all flows: "
                + $"{NumberText.Fixed(result.Cascade.WeightedF1, 4)}, "
                + $"{NumberText.Fixed(result.SlowOnly.WeightedF1, 4)})\n");
        }

        return text.ToString();
    }

    /// <summary>Returns the fields whose exchange costs most, by system; empty where it was not measured.</summary>
    public static string Importance(EvaluationResult result)
    {
        if (result.Importance is not { } importance)
        {
            return "";
        }

        var table = new TextTable(["F1 lost without", .. importance.Systems]);
        foreach (var row in importance.Fields.Take(MaxFields))
        {
            table.Add([row.Name, .. row.Losses.Select(Cell)]);
        }

        foreach (var row in importance.Packets)
        {
            table.Add([$"packet {row.Name}", .. row.Losses.Select(Cell)]);
        }

        table.Add(["all fields", .. importance.Everything.Losses.Select(Cell)]);
        return table.ToString();
    }

    static string Cell(ImportanceLoss loss) =>
        $"{NumberText.Fixed(loss.Mean, 4)} ± {NumberText.Fixed(loss.StandardDeviation, 4)}";
}
