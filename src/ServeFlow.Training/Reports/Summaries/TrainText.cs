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
        var text = new StringBuilder(summary.FeatureChoice is { } choice ? FeatureText.Format(choice,
            cascade.Calibration.Estimate.GroupWord) + '\n' : "");
        text.Append(PlacementText.Candidates(summary.Placement)).Append('\n')
            .Append(PlacementText.Cascades(summary.Placement));
        text.Append('\n').Append(Tiers(cascade, score)).Append('\n').Append(AssignmentText.Table(cascade));
        text.Append($"\ncascade: weighted F1 {Fixed(score.WeightedF1, 4)}, slow on every flow "
            + $"{Fixed(cascade.Tiers[^1].WeightedF1, 4)}; answered from the first packet "
            + $"{Percent(score.FirstPacketShare)}\n");
        if (cascade.EscalationTimeouts is { } timeouts)
        {
            text.Append($"escalation timeouts: calibration flows wait {Fixed(timeouts.MeanMs, 1)} ms on average, "
                + $"{Fixed(timeouts.MeanMsBefore, 1)} ms to the wait limit"
                + (timeouts.GivenUpShare > 0
                    ? $"; {Percent(timeouts.GivenUpShare)} of the flows wait for that, instead of an early answer\n"
                    : "\n"));
        }

        text.Append(cascade.Tiers.Count > 1 ? LossText(cascade.Calibration.Estimate) : "");
        text.Append(summary.Promise is { } kept
            ? $"promise: {PromiseText(kept, cascade.Calibration.Estimate.GroupWord)}\n"
            : "");
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
        summary.Warnings.Select(warning => $"warning: {warning}")
            .Concat(summary.NearDuplicates.Select(report => $"near-duplicates: {report.FormatFold()}"))
            .Concat(summary.SplitWarning is { } warning ? [warning] : [])
            .Concat(summary.ShortcutFeatures.Select(shortcut => $"warning: {shortcut}"));

    /// <summary>Says what the cascade loses, on flows that nothing of it had seen.</summary>
    static string LossText(LossEstimate estimate)
    {
        var (level, groups) = (estimate.Level, $"{estimate.GroupWord}s");
        var text = estimate.EscalatesAll
            ? $"loss: no level of the thresholds keeps {estimate.Asked} on other {groups}: every flow goes to the slow "
                + "tier\n"
            : $"loss: {Fixed(level.Loss, 4)} of weighted F1 on {estimate.Captures} {groups} that nothing had seen; "
                + $"95 % of draws of {groups} lose at most {Fixed(level.LossBound, 4)}"
                + (estimate.Asked is { } asked ? $" (asked: {asked})" : "") + '\n'
                + $"      {Percent(level.LostShare)} of the flows lost, at most {Percent(level.LostBound)}; "
                + $"{Percent(estimate.WorstCaptures)} of these in three {groups}; the largest {estimate.GroupWord} has "
                + $"{Percent(estimate.LargestCapture)} of all flows\n";
        return estimate.NestedLoss is { } nested
            ? text + $"      {Fixed(nested, 4)} where the choice itself is made on other {groups}\n"
            : text;
    }

    static string PromiseText(TestedPromise kept, string group)
    {
        var (asked, confidence) = (Percent(kept.Promise.MaxLoss), Percent(kept.Promise.Confidence));
        return kept.IsVacuous
            ? $"a loss of at most {asked} cannot be promised with {confidence} confidence on "
                + $"{Count(kept.Captures, group)}: every flow goes to the slow tier. Without any loss it takes "
                + $"{Count(kept.Promise.MinCaptures, group)} of three flows or more"
            : $"early answers lose at most {asked} of all flows, with {confidence} confidence: {kept.Lost} of "
                + $"{kept.Flows} flows of {Count(kept.Captures, group)} lost, at most {Percent(kept.Bound)} "
                + $"(about {Percent(kept.ApproximateBound)} by drawing {group}s anew)";
    }
}
