using System.Text;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;
using static ServeFlow.Training.Metrics.NumberText;

namespace ServeFlow.Training.Reports.Summaries;

/// <summary>Says what a training found, for people.</summary>
public static class TrainText
{
    /// <summary>Formats the candidates, and the tiers that were made of them.</summary>
    public static string Format(TrainSummary summary)
    {
        var (cascade, score) = (summary.Cascade, summary.Score);
        var text = new StringBuilder(PlacementText.Candidates(summary.Placement));
        text.Append('\n').Append(PlacementText.Cascades(summary.Placement));
        text.Append('\n').Append(Tiers(cascade, score)).Append('\n').Append(AssignmentText.Table(cascade));
        text.Append($"\ncascade: weighted F1 {Fixed(score.WeightedF1, 4)}, slow on every flow "
            + $"{Fixed(cascade.Tiers[^1].WeightedF1, 4)}; answered from the first packet "
            + $"{Percent(score.FirstPacketShare)}\n");
        if (cascade.EscalationTimeouts is { } patience)
        {
            text.Append($"patience: calibration flows wait {Fixed(patience.MeanMs, 1)} ms on average, "
                + $"{Fixed(patience.MeanMsBefore, 1)} ms to the wait limit\n");
        }

        text.Append(summary.Promise is { } kept ? $"promise: {PromiseText(kept)}\n" : "");
        text.Append(summary.Unknown is null ? "" : UnknownText.Format(summary.Unknown));
        text.AppendJoin("", Notes(summary).Select(note => PrintableText.Escape(note) + "\n"));
        return text.ToString();
    }

    static TextTable Tiers(PlacedCascade cascade, CascadeScore score)
    {
        var table = new TextTable("tier", "model", "packets", "weighted F1", "answers", "escalates", "errors caught",
            "measure", "assignment");
        foreach (var (i, t) in cascade.Tiers.Index())
        {
            var isLast = i == cascade.Tiers.Count - 1;
            table.Add(TierName.From(i, cascade.Tiers.Count), t.Spec.Model, $"{t.Spec.Depth}", Fixed(t.WeightedF1, 4),
                Percent(score.AnsweredShare(i)), Percent(score.EscalatedShare(i)),
                isLast ? "" : Percent(score.ErrorsCaught(i)),
                isLast ? "" : MeasureName.Format(cascade.Calibration.Rules[i].Measure),
                isLast ? "" : AssignmentKindName.From(cascade.Calibration.Tiers[i].Kind));
        }

        return table;
    }

    /// <summary>Lists what to know before the figures are believed.</summary>
    static IEnumerable<string> Notes(TrainSummary summary) =>
        summary.NearDuplicates.Select(report => $"near-duplicates: {report}")
            .Concat(summary.SplitWarning is { } warning ? [warning] : [])
            .Concat(summary.ShortcutFeatures.Select(giveaway => $"warning: {giveaway}"));

    static string PromiseText(CalibratedPromise kept) => kept.Level == 0
        ? $"a loss of at most {Percent(kept.Promise.MaxLoss)} cannot be promised with "
            + $"{Percent(kept.Promise.Confidence)} confidence on {kept.Flows} flows: every flow goes to the slow tier"
        : $"early answers lose at most {Percent(kept.Promise.MaxLoss)} of all flows, with "
            + $"{Percent(kept.Promise.Confidence)} confidence: {kept.Lost} of {kept.Flows} test flows lost, "
            + $"at most {Percent(kept.Bound)} credible";
}
