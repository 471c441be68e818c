using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Says what held and what did not, in one line each.</summary>
static class Verdicts
{
    /// <summary>Specifies the weighted F1 that a cascade may lose against its slow tier: about what the paper's
    /// loses.</summary>
    const double MaxLoss = 0.01;

    /// <summary>Below this recall a class is rather missed than found.</summary>
    const double MinRecall = 0.5;

    /// <summary>Lists what a reader must know before anything else.</summary>
    public static IReadOnlyCollection<Verdict> Summary(ReportContent content) =>
        [.. new[] { Loss(content), Promise(content) }.OfType<Verdict>(), .. Warnings(content)];

    /// <summary>Lists what goes wrong on these flows.</summary>
    public static IReadOnlyCollection<Verdict> Faults(ReportContent content) =>
        [.. new[] { WeakClasses(content), Unknown(content), Unmatched(content) }.OfType<Verdict>()];

    /// <summary>Checks of the evaluation that failed, and the names of those that warn.</summary>
    static IEnumerable<Verdict> Warnings(ReportContent content)
    {
        var checks = content.Result.Audit?.Checks ?? [];
        var warned = checks.Where(c => c.Verdict == AuditVerdict.Warned).Select(c => c.Name.Replace('_', ' '))
            .ToList();
        IEnumerable<Verdict> warning = warned.Count == 0 ? [] :
        [
            Verdict.Warning($"{(warned.Count == 1 ? "One check warns" : $"{warned.Count} checks warn")} that these "
                + "scores may not "
                + $"hold elsewhere: {string.Join(", ", warned)}. \u201CValidity checks\u201D says why."),
        ];
        return [.. checks.Where(c => c.Verdict == AuditVerdict.Failed).Select(ValiditySections.ToVerdict), .. warning];
    }

    static Verdict? Loss(ReportContent content)
    {
        var (lost, interval) = (content.Result.Comparison.Loss, content.Result.Comparison.LossInterval);
        var certainty = $"The 95 % interval over captures is {NumberText.Fixed(interval, 4)}.";
        return content.Result.Tiers.Count == 1 ? null : Verdict.From(lost <= MaxLoss, (lost <= 0
            ? "The cascade loses no weighted F1 against the slow model on every flow. "
            : $"The cascade loses {NumberText.Fixed(lost, 4)} of weighted F1 against the slow model on every flow"
                + (lost <= MaxLoss ? ". " : $": more than {MaxLoss}. ")) + certainty);
    }

    static Verdict? Promise(ReportContent content)
    {
        var result = content.Result;
        return result.Bundle.Manifest.Promise is not { } promise ? null
            : promise.Vacuous ? Verdict.Neutral("Nothing was promised: training had too few captures to show that "
                + $"early answers lose at most {NumberText.Percent(promise.MaxLoss, 2)} of all flows, so every flow "
                + "goes to the slow tier.")
            : Verdict.From(result.LostShare <= promise.MaxLoss,
            $"Promised: with {NumberText.Percent(promise.Confidence, 0)} confidence early answers lose at most "
            + $"{NumberText.Percent(promise.MaxLoss, 2)} of all flows. Here {NumberText.Percent(result.LostShare, 2)}: "
            + (result.LostShare <= promise.MaxLoss ? "it held." : "it did not hold on these captures."));
    }

    static Verdict? WeakClasses(ReportContent content)
    {
        var (labels, matrix) = (content.Result.Labels, content.Result.Confusion);
        var weak = Enumerable.Range(0, labels.Count).Where(c => matrix.Support(c) > 0 && matrix.Recall(c) < MinRecall)
            .OrderBy(matrix.Recall).ToList();
        return weak.Count == 0
            ? Verdict.Good($"Every class is found in at least {NumberText.Percent(MinRecall, 0)} of its flows.")
            : Verdict.Bad($"{weak.Count} {(weak.Count == 1 ? "class is" : "classes are")} found in less than "
                + $"{NumberText.Percent(MinRecall, 0)} of the flows: "
                + string.Join(", ", weak.Select(c => $"{labels[c]} ({NumberText.Percent(matrix.Recall(c), 0)} of "
                + $"{matrix.Support(c)})")) + ".");
    }

    /// <summary>Classes that the bundle was not trained on: it cannot but get them wrong.</summary>
    static Verdict? Unknown(ReportContent content)
    {
        var (known, matrix) = (content.Result.Bundle.Manifest.Labels.Count, content.Result.Confusion);
        var foreign = content.Result.Labels.Index().Skip(known).ToList();
        return foreign.Count == 0 ? null : Verdict.Bad("Classes that the bundle was never trained on: "
            + string.Join(", ", foreign.Select(l => $"{l.Item} ({NumberText.Count(matrix.Support(l.Index), "flow")})"))
            + ".");
    }

    static Verdict? Unmatched(ReportContent content)
    {
        var data = content.Result.Data;
        return data is { Unlabelled: 0, LabelsUnmatched: 0 } ? null : Verdict.Neutral(
            $"{NumberText.Count(data.Unlabelled)} flows of the captures carry no label and do not count; "
            + $"{NumberText.Count(data.LabelsUnmatched)} labels match no flow.");
    }
}
