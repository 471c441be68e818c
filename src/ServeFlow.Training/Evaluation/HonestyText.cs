using System.Globalization;
using System.Text;
using ServeFlow.Telemetry;

namespace ServeFlow.Training.Evaluation;

/// <summary>The checks of an evaluation and what its answers rest on, as plain text.</summary>
public static class HonestyText
{
    /// <summary>Fields that a terminal shows; the JSON object and the report have all.</summary>
    const int MostFields = 12;

    /// <summary>A line for each check with its verdict; empty where none was made.</summary>
    public static string Checks(EvaluationResult result)
    {
        if (result.Honesty is not { } honesty)
        {
            return "";
        }

        var table = new TextTable("check", "figure", "expected", "verdict");
        foreach (var check in honesty.Checks)
        {
            table.Add(check.Name, N(check.Figure), N(check.Expected), SnakeCase.Of(check.Verdict));
        }

        var text = new StringBuilder(table.ToString());
        foreach (var check in honesty.Checks.Where(c => c.Verdict != HonestyVerdict.Passed))
        {
            text.Append($"{SnakeCase.Of(check.Verdict)}: {check.Sentence}\n");
        }

        foreach (var novel in honesty.Novel.Where(n => n.Flows > 0))
        {
            text.Append($"weighted F1 on the {novel.Flows:N0} flows like no training flow in "
                + $"{(novel.Packets == 1 ? "the first packet" : $"{novel.Packets} packets")}: cascade "
                + $"{N(novel.Cascade)}, slow only {N(novel.Slow)} (all flows: {N(result.Cascade.WeightedF1)}, "
                + $"{N(result.SlowOnly.WeightedF1)})\n");
        }

        return text.ToString();
    }

    /// <summary>The fields whose exchange costs most, by system; empty where it was not measured.</summary>
    public static string Importance(EvaluationResult result)
    {
        if (result.Importance is not { } importance)
        {
            return "";
        }

        var table = new TextTable(["F1 lost without", .. importance.Systems]);
        foreach (var row in importance.Fields.Take(MostFields))
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

    static string Cell(ImportanceLoss loss) => $"{N(loss.Mean)} ± {N(loss.Spread)}";

    static string N(double? value) => value is { } number ? number.ToString("F4", CultureInfo.InvariantCulture) : "";
}
