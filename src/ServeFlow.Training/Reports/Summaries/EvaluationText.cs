using System.Text;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Reports.Summaries;

/// <summary>Formats an evaluation as plain text, for people.</summary>
public static class EvaluationText
{
    /// <summary>Limits the classes whose confusion matrix is shown: a terminal has no room for more columns.</summary>
    const int MaxConfusionClasses = 60;

    /// <summary>Everything: data, systems, tiers, classes, confusion matrix.</summary>
    public static string Format(EvaluationResult result) => string.Join('\n', new[]
    {
        Summary(result),
        Systems(result),
        IntervalText.Systems(result),
        Tiers(result),
        IntervalText.Tiers(result),
        Reliability(result),
        Classes(result),
        Confusion(result),
        result.Unknown is { } unknown ? UnknownText.Format(unknown, result.SlowOnly.WeightedF1) : "",
        AuditText.Importance(result),
        AuditText.Checks(result),
    }.Where(part => part.Length > 0));

    public static string Summary(EvaluationResult result)
    {
        var (data, bundle) = (result.Data, result.Bundle.Manifest);
        var text = new StringBuilder();
        text.Append(
            $"bundle {PrintableText.Escape(bundle.Name)} version {PrintableText.Escape(bundle.Version)}: "
            + $"{data.Flows} {result.Unit.Units} of {data.Classes} classes in "
            + $"{data.Captures} captures\n");
        if (data.CapturesTrainedOn > 0)
        {
            text.Append($"left out: {data.CapturesTrainedOn} captures that the bundle was trained on\n");
        }

        text.Append(IntervalText.Headline(result));
        text.Append(
            $"lost by answering early: {result.Lost} {result.Unit.Units}, {NumberText.Percent(result.LostShare, 2)}"
            + $"{Promise(result, bundle)}\n");
        if (result.UnknownProtocols > 0)
        {
            text.Append($"answered unknown at once: {result.UnknownProtocols} {result.Unit.Units} of protocols that "
                + "training saw none of\n");
        }

        foreach (var vote in result.Votes)
        {
            text.Append($"{PrintableText.Escape($"{vote}")}\n");
        }

        foreach (var report in result.NearDuplicates)
        {
            text.Append($"near-duplicates: {PrintableText.Escape($"{report}")}\n");
        }

        return text.ToString();
    }

    static string Promise(EvaluationResult result, BundleManifest bundle) => bundle.Promise is not { } promise ? ""
        : promise.Vacuous ? "; nothing was promised, for every flow goes to the slow tier"
        : $"; promised were at most {NumberText.Percent(promise.MaxLoss, 2)} with "
        + $"{NumberText.Percent(promise.Confidence)} confidence"
            + (promise.Captures is { } captures
                ? $", tested on {NumberText.Count(captures, bundle.Data.GroupWord)}: "
                : ": ")
            + (result.LostShare <= promise.MaxLoss ? "it held" : "it did NOT hold on these captures");

    public static string Systems(EvaluationResult result)
    {
        var table = new TextTable("system", "weighted F1", "macro F1", "accuracy", "unanswered", "mean ms",
            "median ms", "p90 ms", "p99 ms", "< 1 ms", "< 16 ms", "packets");
        foreach (var (name, s) in result.Systems)
        {
            table.Add(name, NumberText.Fixed(s.WeightedF1, 4), NumberText.Fixed(s.MacroF1, 4),
                NumberText.Fixed(s.Accuracy, 4), $"{s.Unanswered}", NumberText.Fixed(s.MeanMs, 2),
                NumberText.Fixed(s.MedianMs, 3), NumberText.Fixed(s.P90Ms, 2), NumberText.Fixed(s.P99Ms, 2),
                NumberText.Percent(s.Under1Ms), NumberText.Percent(s.Under16Ms),
                NumberText.Fixed(s.PacketsMean, 2));
        }

        return table.ToString();
    }

    public static string Tiers(EvaluationResult result)
    {
        var table = new TextTable("tier", "model", "packets", "answers", "escalates", "weighted F1 on all",
            "errors caught", "assignment", "µs/flow");
        foreach (var (number, t) in result.Tiers.Index())
        {
            var area = number < result.Curves.Count ? NumberText.Fixed(result.Curves[number].Area, 3) : "";
            table.Add(t.Name, t.Model, $"{t.Packets}", NumberText.Percent(t.AnsweredShare),
                NumberText.Percent(t.EscalatedShare),
                NumberText.Fixed(t.WeightedF1, 4), t == result.Tiers[^1]
                    ? ""
                    : NumberText.Percent(t.ErrorsCaught), area, NumberText.Fixed(t.NsPerFlow / 1e3, 2));
        }

        return table.ToString();
    }

    /// <summary>Expected calibration errors, before and after calibration.</summary>
    public static string Reliability(EvaluationResult result)
    {
        var table = new TextTable("calibration error", "flows that reach it", "before", "after", "95 % interval",
            "all flows", "before", "after", "95 % interval");
        foreach (var tier in result.Reliability)
        {
            table.Add([tier.Tier, .. Errors(tier.Reaching), .. Errors(tier.All)]);
        }

        return table.ToString();
    }

    static string[] Errors(CalibrationEffect effect) =>
    [
        $"{effect.Flows}", NumberText.Fixed(effect.Before.ExpectedCalibrationError, 4),
        NumberText.Fixed(effect.After.ExpectedCalibrationError, 4), NumberText.Fixed(effect.After.EceInterval, 4),
    ];

    /// <summary>Per class, for the cascade.</summary>
    public static string Classes(EvaluationResult result)
    {
        var table = new TextTable("class", "precision", "95 % interval", "recall", "95 % interval", "F1",
            "95 % interval", result.Unit.Units, $"{result.Comparison.GroupWord}s");
        foreach (var c in result.Classes)
        {
            table.Add(c.Label, NumberText.Fixed(c.Precision, 3), NumberText.Fixed(c.Interval?.Precision, 3),
                NumberText.Fixed(c.Recall, 3), NumberText.Fixed(c.Interval?.Recall, 3), NumberText.Fixed(c.F1, 3),
                NumberText.Fixed(c.Interval?.F1, 3), $"{c.Flows}", $"{c.Captures}");
        }

        return table.ToString();
    }

    /// <summary>
    /// True classes down, answers across. Columns carry the rows' numbers instead of names, so that 27 classes fit
    /// a terminal; <c>unknown</c> has a column where it is answered.
    /// </summary>
    public static string Confusion(EvaluationResult result)
    {
        var matrix = result.Confusion;
        var shown = result.Labels.Index().Where(l => Occurs(matrix, l.Index)).ToList();
        if (shown.Count > MaxConfusionClasses)
        {
            return $"confusion matrix: {shown.Count:N0} classes are too many for a terminal; --report lists "
                + "them\n";
        }

        string[] unknown = shown.Any(s => matrix[s.Index, ConfusionMatrix.Unanswered] > 0)
            ? [Classification.UnknownLabel]
            : [];
        var table = new TextTable(
            ["true \\ answered", "", .. Enumerable.Range(1, shown.Count).Select(n => $"{n}"), .. unknown]);
        foreach (var (number, (truth, name)) in shown.Index())
        {
            table.Add([name, $"{number + 1}", .. shown.Select(s => Cell(matrix[truth, s.Index])),
                .. unknown.Select(_ => Cell(matrix[truth, ConfusionMatrix.Unanswered]))]);
        }

        return table.ToString();
    }

    static string Cell(int count) => count == 0 ? "." : $"{count}";

    static bool Occurs(ConfusionMatrix matrix, int label) => matrix.Support(label) > 0 || matrix.Predicted(label) > 0;
}
