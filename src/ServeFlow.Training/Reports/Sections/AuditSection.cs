using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Shows whether the evaluation can be believed.</summary>
static class AuditSection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        if (content.Result.Audit is not { } honesty)
        {
            return;
        }

        page.Section("honesty", "Can this be believed?");
        page.Paragraph("Each way in which scores of traffic classifiers deceive, tried on these flows. Always "
            + $"answering the most frequent class has a weighted F1 of {NumberText.Fixed(honesty.MajorityF1, 3)}.");
        page.Verdicts([.. honesty.Checks.Select(ToVerdict)]);
        page.Table(Table.From("honesty", "The checks in numbers.", honesty.Checks,
            Column<AuditCheck>.Text("check", "check", c => c.Name.Replace('_', ' ')),
            new("figure", "figure", c => Shown(c.Figure), c => Raw(c.Figure)),
            new("expected", "expected", c => Shown(c.Expected), c => Raw(c.Expected)),
            new("verdict", "verdict", c => c.Verdict.ToString().ToLowerInvariant(),
                c => c.Verdict.ToString().ToLowerInvariant())));
        var novel = honesty.Deduplicated.Where(n => n.Flows > 0).ToList();
        if (novel.Count > 0)
        {
            page.Table(Table.From("novel-flows", "Weighted F1 on the held-back flows that look like no training flow in "
                + "their first packets. On all flows: cascade "
                + $"{NumberText.Fixed(content.Result.Cascade.WeightedF1, 4)}, slow "
                + $"model {NumberText.Fixed(content.Result.SlowOnly.WeightedF1, 4)}.", novel,
                Column<DeduplicatedScore>.Count("packets compared", "packets", n => n.Packets),
                Column<DeduplicatedScore>.Count("such flows", "flows", n => n.Flows),
                new("cascade", "cascade", n => Shown(n.Cascade), n => Raw(n.Cascade)),
                new("slow model on every flow", "slow_only", n => Shown(n.Slow), n => Raw(n.Slow))));
        }
    }

    public static Verdict ToVerdict(AuditCheck check)
    {
        var sentence = $"{char.ToUpperInvariant(check.Sentence[0])}{check.Sentence[1..].TrimEnd('.')}.";
        return check.Verdict switch
        {
            AuditVerdict.Passed => Verdict.Good(sentence),
            AuditVerdict.Skipped => Verdict.Neutral(sentence),
            AuditVerdict.Warned => Verdict.Warning(sentence),
            _ => Verdict.Bad(sentence),
        };
    }

    static string Shown(double? figure) => figure is { } value ? NumberText.Fixed(value, 4) : "";

    static string Raw(double? figure) => figure is { } value ? NumberText.Raw(value) : "";
}
