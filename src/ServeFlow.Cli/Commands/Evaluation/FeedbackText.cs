using System.Text;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Feedback;
using ServeFlow.Training.Reports.Summaries;
using static ServeFlow.Training.Metrics.NumberText;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary>Says what labels that came later tell of a bundle, to people and to programs.</summary>
static class FeedbackText
{
    /// <summary>Formats a score of records.</summary>
    public static string Format(Bundle bundle, RecordScore score)
    {
        var text = new StringBuilder();
        text.Append($"{Count(score.Flows, "labelled flow")} with a record, in {Count(score.Groups, "group")} "
            + "(captures that the labels name, else hours); "
            + $"{Count(score.WithoutRecord)} without one are left out; {Count(score.Unknown)} answered unknown\n"
            + $"weighted F1 {Fixed(score.WeightedF1, 4)} {Fixed(score.Interval, 4)}, macro F1 "
            + $"{Fixed(score.MacroF1, 4)} {Fixed(score.MacroInterval, 4)}, accuracy "
            + $"{Fixed(score.Accuracy, 4)}, mean confidence {Fixed(score.MeanConfidence, 4)}\n\n");
        var table = new TextTable("class", "flows", "precision", "recall", "F1");
        foreach (var row in score.Classes)
        {
            table.Add(row.Label, Count(row.Flows), Fixed(row.Precision, 3), Fixed(row.Recall, 3), Fixed(row.F1, 3));
        }

        return text.Append(table).Append('\n').Append(ListModels(bundle, score.Models))
            .Append("\nrecords hold only the answers that were given: thresholds and probabilities can be calibrated "
                + "from captures of these flows (-r PATH -o BUNDLE)\n").ToString();
    }

    /// <summary>Lists who gave the answers: a sensor's model may have changed, and may not be the bundle that was
    /// named.</summary>
    static string ListModels(Bundle bundle, IReadOnlyList<RecordModelScore> models)
    {
        var table = new TextTable("answered by", "version", "flows", "weighted F1", "accuracy");
        foreach (var row in models)
        {
            table.Add(row.Model.Length > 0 ? row.Model : "not said", row.Version, Count(row.Flows),
                Fixed(row.WeightedF1, 4), Fixed(row.Accuracy, 4));
        }

        return models.Any(row => row.Model == bundle.Manifest.Name && row.Version == bundle.Manifest.Version)
            ? $"{table}" : $"{table}none of these answers is of {Name(bundle)}\n";
    }

    /// <summary>Formats a score of captures, and what was calibrated by them.</summary>
    public static string Format(Bundle bundle, EvaluationResult live, Recalibration? made)
    {
        var (score, text) = (live.Cascade, new StringBuilder(Name(bundle)));
        text.Append($": {Count(live.Data.Flows, "labelled flow")} in {Count(live.Data.Captures, "capture")} that "
            + $"training never saw{LeftOut(live.Data.CapturesTrainedOn)}\n"
            + $"weighted F1 {Fixed(score.WeightedF1, 4)} {Fixed(score.Interval?.WeightedF1, 4)}, "
            + $"macro F1 {Fixed(score.MacroF1, 4)} {Fixed(score.Interval?.MacroF1, 4)}, accuracy "
            + $"{Fixed(score.Accuracy, 4)}; in training {Fixed(bundle.Manifest.Metrics.WeightedF1, 4)}\n\n");
        var table = new TextTable("class", "flows", "captures", "precision", "recall", "F1", "95 %");
        foreach (var row in live.Classes)
        {
            table.Add(row.Label, Count(row.Flows), Count(row.Captures), Fixed(row.Precision, 3), Fixed(row.Recall, 3),
                Fixed(row.F1, 3), Fixed(row.Interval?.F1, 3));
        }

        text.Append(table);
        return (made is null ? text : Append(text, bundle.Manifest, made)).ToString();
    }

    /// <summary>Describes a score of records as an object that is written as JSON.</summary>
    public static object Describe(Bundle bundle, RecordScore score) => new
    {
        Bundle = bundle.Manifest.Name,
        bundle.Manifest.Version,
        Source = "records",
        Score = score,
        Recalibrated = (object?)null,
    };

    /// <summary>Describes a score of captures, and what was calibrated by them.</summary>
    public static object Describe(Bundle bundle, EvaluationResult live, Recalibration? made) => new
    {
        Bundle = bundle.Manifest.Name,
        bundle.Manifest.Version,
        Source = "captures",
        Score = new
        {
            live.Data.Flows,
            live.Data.Captures,
            live.Data.CapturesTrainedOn,
            live.Data.LabelsUnmatched,
            live.Cascade.WeightedF1,
            live.Cascade.MacroF1,
            live.Cascade.Accuracy,
            Interval = live.Cascade.Interval?.WeightedF1,
            MacroInterval = live.Cascade.Interval?.MacroF1,
            live.Classes,
        },
        Recalibrated = made is null ? null : new
        {
            made.Bundle,
            made.Flows,
            made.Captures,
            made.LeftOut,
            made.WeightedF1,
            made.EscalatesAll,
            made.Manifest.Promise,
            Tiers = made.Manifest.Tiers.Select(tier =>
                new { tier.Name, tier.Temperature, tier.Measure, tier.Thresholds }),
        },
    };

    static string LeftOut(int captures) => captures == 0 ? ""
        : $"; left out: {Count(captures, "capture")} that the bundle was trained on";

    static string Name(Bundle bundle) => $"{PrintableText.Escape(bundle.Manifest.Name)}, version "
        + $"{PrintableText.Escape(bundle.Manifest.Version)}";

    static StringBuilder Append(StringBuilder text, BundleManifest before, Recalibration made)
    {
        text.Append($"\ncalibrated anew on {Count(made.Flows, "flow")} of {Count(made.Captures, "capture")}"
            + (made.LeftOut > 0
                ? $"; {Count(made.LeftOut)} of classes or protocols that the bundle does not know are left out"
                : "")
            + $": weighted F1 {Fixed(made.WeightedF1, 4)}, each flow answered by thresholds of other captures\n\n");
        var table = new TextTable("tier", "temperature", "before", "answers", "before", "measure", "before");
        foreach (var (number, tier) in made.Manifest.Tiers.Index())
        {
            var old = before.Tiers[number];
            table.Add(tier.Name, Calibration(tier), Calibration(old),
                Percent(made.Manifest.Metrics.Tiers[number].AnsweredShare),
                number < before.Metrics.Tiers.Count ? Percent(before.Metrics.Tiers[number].AnsweredShare) : "",
                tier.Measure, old.Measure);
        }

        text.Append(table);
        if (made.EscalatesAll)
        {
            text.Append("no thresholds keep the loss on other captures, so every flow goes to the slow tier: label "
                + "flows of more captures, or allow a larger loss (--max-loss)\n");
        }

        if (made.Manifest.Promise is { } promise)
        {
            text.Append(promise.Vacuous ? "promise: none; every flow goes to the slow tier\n"
                : $"promise: early answers lose at most {Percent(promise.Bound, 2)} of all flows (asked: "
                    + $"{Percent(promise.MaxLoss, 2)}), with {Percent(promise.Confidence, 0)} confidence\n");
        }

        if (made.Manifest.Drift is null)
        {
            text.Append($"drift is not watched: {Count(made.Captures, "capture")} are too few to say how much windows "
                + "differ\n");
        }

        return text.Append($"bundle: {PrintableText.Escape(made.Bundle)}\n");
    }

    static string Calibration(BundleTier tier) => tier.Isotonic is null ? Fixed(tier.Temperature, 3) : "isotonic";
}
