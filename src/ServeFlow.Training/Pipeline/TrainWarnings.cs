using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.TierSelection;
using static ServeFlow.Training.Metrics.NumberText;

namespace ServeFlow.Training.Pipeline;

/// <summary>Lists what a user must know before the figures of a training are believed, each with its remedy.</summary>
static class TrainWarnings
{
    /// <summary>Specifies the number of captures of a class below which what is said of it rests on too few.</summary>
    const int MinCaptures = 5;

    /// <summary>Recall that a class may lose before it is named.</summary>
    const double MaxRecallLost = 0.05;

    /// <summary>Specifies the number of flows of a class below which a share of them says little.</summary>
    const int MinFlows = 20;

    /// <summary>Limits the classes that a warning names, the worst first.</summary>
    const int MaxNames = 20;

    /// <summary>Specifies the share of flows like training flows above which scores are of flows known by
    /// heart.</summary>
    const double MaxDuplicates = 0.9;

    /// <summary>Specifies the share of windows that are cut short above which whole windows are worth a try.</summary>
    const double MaxCutWindows = 0.5;

    /// <summary>Lists the warnings.</summary>
    /// <param name="duplicates">Flows that look like training flows, by packets compared.</param>
    /// <param name="lostToUnknown">The share of each class's flows that lose the right answer to <c>unknown</c>; null
    /// where every flow is given a class.</param>
    public static IReadOnlyList<string> List(TrainingData data, PlacedCascade cascade,
        IReadOnlyList<NearDuplicateReport> duplicates, IReadOnlyList<double>? lostToUnknown) =>
    [
        .. new[] { Loss(cascade), FewCaptures(data.Flows), LostRecall(cascade, data.CalibrationFlows),
            LostToUnknown(lostToUnknown ?? [], data.CalibrationFlows), Duplicates(duplicates), CutWindows(data.Flows) }
            .OfType<string>(),
    ];

    static string? Loss(PlacedCascade cascade)
    {
        var estimate = cascade.Calibration.Estimate;
        var groups = $"{estimate.GroupWord}s";
        return cascade.Tiers.Count == 1 || estimate.Asked is not { } asked ? null
            : estimate.EscalatesAll ? $"no thresholds keep a loss of {asked} on other {groups}, so every flow goes to "
                + $"the slow tier; give more {groups}, or allow a larger loss"
            : estimate.NestedLoss > asked ? $"where tiers and thresholds are chosen on some {groups} and judged on "
                + $"others, they lose {Fixed(estimate.NestedLoss, 4)} of weighted F1, more than the {asked} that was "
                + $"asked; give more {groups}, or ask for a smaller loss"
            : null;
    }

    static string? FewCaptures(FlowSample flows)
    {
        var captures = flows.Labels.Zip(flows.Groups).Distinct().CountBy(pair => pair.First).ToDictionary();
        var few = captures.Where(c => c.Value < MinCaptures).OrderBy(c => c.Value).ThenBy(c => c.Key).ToList();
        return few.Count == 0
            ? null
            : $"{Count(few.Count, "class", "classes")} of fewer than {MinCaptures} {flows.Data.GroupWord}s: "
                + NameList.Format([.. few.Select(c => $"{flows.Classes[c.Key]} ({c.Value})")], MaxNames)
                + "; what is said of them rests on few sessions: capture them again at other times and places";
    }

    static string? LostRecall(PlacedCascade cascade, FlowSample flows)
    {
        var (run, slow) = (cascade.Calibration.Run.Score(flows), cascade.Tiers[^1].Predictions.Score(flows));
        return LostRecall("early answers cost recall", "thresholds per class or a smaller loss cost these classes less",
            flows, label => slow.Recall(label) - run.Recall(label));
    }

    static string? LostToUnknown(IReadOnlyList<double> lost, FlowSample flows) => lost.Count == 0 ? null
        : LostRecall("answering unknown costs recall", "a smaller budget for unknown, or captures of these classes at "
            + "other times and places, cost them less", flows, label => lost[label]);

    /// <summary>Names the classes of enough flows that lose much, those that lose most first.</summary>
    static string? LostRecall(string what, string remedy, FlowSample flows, Func<int, double> lostOf)
    {
        var lost = flows.Labels.CountBy(label => label).Where(c => c.Value >= MinFlows)
            .Select(c => (Label: flows.Classes[c.Key], Recall: lostOf(c.Key))).Where(c => c.Recall > MaxRecallLost)
            .OrderByDescending(c => c.Recall).ThenBy(c => c.Label, StringComparer.Ordinal).ToList();
        return lost.Count == 0
            ? null
            : $"{what}: " + NameList.Format([.. lost.Select(c => $"{c.Label} {Fixed(c.Recall, 2)}")], MaxNames)
                + $"; {remedy}";
    }

    static string? Duplicates(IReadOnlyList<NearDuplicateReport> reports) =>
        reports.Where(report => report.Share > MaxDuplicates).MaxBy(report => report.Depth) is not { } worst
            ? null
            : $"{Percent(worst.Share)} of a fold's flows look like one of the other folds in their first "
                + $"{(worst.Depth == 1 ? "packet" : $"{worst.Depth} packets")}: scores tell how well flows are known "
                + "again; hold captures of other days or hosts back";

    /// <summary>A rate or a volume shows in a whole window, and hardly in its first packets.</summary>
    static string? CutWindows(FlowSample windows)
    {
        var data = windows.Data;
        if (data.Unit.IsWholeFlow || data.Depth >= BundleLimits.MaxPackets)
        {
            return null;
        }

        var share = windows.Average(window => window.KeptPackets == data.Depth ? 1.0 : 0);
        return share <= MaxCutWindows
            ? null
            : $"{Percent(share)} of the windows have {data.Depth} packets or more, and no tier sees more than these; a "
                + $"depth of {BundleLimits.MaxPackets} sees windows to their end, for what shows in volume or rate";
    }

    static string Count(int count, string one, string more) => $"{count} {(count == 1 ? one : more)}";
}
