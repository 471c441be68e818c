namespace ServeFlow.Training.Reports.Sections;

/// <summary>What held and what did not, in one line each.</summary>
static class Verdicts
{
    /// <summary>Weighted F1 that a cascade may lose against its slow tier: about what the paper's loses.</summary>
    const double MostLost = 0.01;

    /// <summary>Below this recall a class is rather missed than found.</summary>
    const double LeastRecall = 0.5;

    public static IReadOnlyCollection<Verdict> All(ReportContent content) =>
        [.. new[] { Loss(content), Promise(content), Weak(content), Unmatched(content) }.OfType<Verdict>()];

    static Verdict? Loss(ReportContent content)
    {
        var lost = content.Result.SlowOnly.WeightedF1 - content.Result.Cascade.WeightedF1;
        return content.Result.Tiers.Count == 1 ? null : Verdict.Of(lost <= MostLost, lost <= 0
            ? "The cascade loses no weighted F1 against the slow model on every flow."
            : $"The cascade loses {NumberText.Fixed(lost, 4)} of weighted F1 against the slow model on every flow"
                + (lost <= MostLost ? "." : $": more than {MostLost}."));
    }

    public static Verdict? Promise(ReportContent content)
    {
        var result = content.Result;
        return result.Bundle.Manifest.Promise is not { } promise ? null : Verdict.Of(result.LostShare <= promise.MaxLoss,
            $"Promised: with {NumberText.Percent(promise.Confidence, 0)} confidence early answers lose at most "
            + $"{NumberText.Percent(promise.MaxLoss, 2)} of all flows. Here {NumberText.Percent(result.LostShare, 2)}: "
            + (result.LostShare <= promise.MaxLoss ? "it held." : "it did not hold on these captures."));
    }

    static Verdict? Weak(ReportContent content)
    {
        var (labels, matrix) = (content.Result.Labels, content.Result.Confusion);
        var weak = Enumerable.Range(0, labels.Count).Where(c => matrix.Support(c) > 0 && matrix.Recall(c) < LeastRecall)
            .OrderBy(matrix.Recall).ToList();
        return weak.Count == 0
            ? Verdict.Good($"Every class is found in at least {NumberText.Percent(LeastRecall, 0)} of its flows.")
            : Verdict.Bad($"{NumberText.Count(weak.Count, "class").Replace("classs", "classes")} found in less than "
                + $"{NumberText.Percent(LeastRecall, 0)} of the flows: "
                + string.Join(", ", weak.Select(c => $"{labels[c]} ({NumberText.Percent(matrix.Recall(c), 0)} of {matrix.Support(c)})")) + ".");
    }

    static Verdict? Unmatched(ReportContent content)
    {
        var data = content.Result.Data;
        return data is { Unlabelled: 0, LabelsUnmatched: 0 } ? null : Verdict.Note(
            $"{NumberText.Count(data.Unlabelled)} flows of the captures carry no label and do not count; "
            + $"{NumberText.Count(data.LabelsUnmatched)} labels match no flow.");
    }
}
