using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>
/// Shows what the cascade knows of each class, how true its confidences are, and classes that it never saw.
/// </summary>
static class ClassSections
{
    /// <summary>Shows what the cascade knows of each class, and which classes it confuses.</summary>
    public static void AddClasses(HtmlPage page, ReportContent content)
    {
        var result = content.Result;
        page.Section("classes", "Classes");
        page.Table(Table.From("classes", "The cascade's answers by true class, with 95 % intervals where the "
            + $"class is in more than one {result.Comparison.GroupWord}; the median is the time to an answer.",
            result.Classes,
        [
            Column<ClassScore>.Text("class", "class", c => result.Labels[c.Number]),
            Column<ClassScore>.Fixed("precision", "precision", 3, c => c.Precision),
            .. Ends("precision", i => i.Precision),
            Column<ClassScore>.Fixed("recall", "recall", 3, c => c.Recall),
            .. Ends("recall", i => i.Recall),
            Column<ClassScore>.Fixed("F1", "f1", 3, c => c.F1),
            .. Ends("f1", i => i.F1),
            Column<ClassScore>.Count("flows", "flows", c => c.Flows),
            Column<ClassScore>.Count($"{result.Comparison.GroupWord}s", "captures", c => c.Captures),
            new("on packet 1", "first_packet_share", c => First(c) is { } share ? NumberText.Percent(share) : "",
                c => First(c) is { } share ? NumberText.Raw(share) : ""),
            new("median", "median_ms", c => c.Flows == 0 ? "" : Drawing.AxisText.Duration(Paths(c).MedianMs),
                c => c.Flows == 0 ? "" : NumberText.Raw(Paths(c).MedianMs)),
        ]));
        page.Figure(ConfusionFigure.Draw(result));

        static IEnumerable<Column<ClassScore>> Ends(string name, Func<ClassIntervals, Interval?> interval) =>
            IntervalSections.Ends<ClassScore>("95 %", name, c => c.Interval is { } all ? interval(all) : null,
                end => NumberText.Fixed(end, 2));

        ClassFlows Paths(ClassScore c) => result.Paths.Classes[c.Number];

        double? First(ClassScore c) => c.Flows == 0 ? null : (double)Paths(c).FirstPacket / Paths(c).Flows;
    }

    /// <summary>Shows how far confidences can be trusted.</summary>
    public static void AddReliability(HtmlPage page, ReportContent content)
    {
        var tiers = content.Result.Reliability.Where(t => t.Reaching.After.Flows > 0).ToList();
        if (tiers.Count == 0)
        {
            return;
        }

        page.Section("reliability", "Calibration");
        page.Paragraph("Of the answers with a confidence of 80 %, four in five should be right: on the dotted line "
            + "they are. Below it a tier is too sure of itself. Drawn for the flows that reach the tier, for it is on "
            + "them that calibration is fitted and thresholds decide.");
        page.Figures(tiers.Select(ReliabilityFigure.Draw));
        page.Table(Table.From("calibration", "Expected calibration error: the distance of confidence and accuracy, on "
            + "average over the flows, in fifteen bins.", tiers,
        [
            Column<TierReliability>.Text("tier", "tier", t => t.Tier),
            Column<TierReliability>.Count("flows that reach it", "flows", t => t.Reaching.After.Flows),
            Column<TierReliability>.Fixed("before", "ece_before", 4, t => t.Reaching.Before.ExpectedCalibrationError),
            Column<TierReliability>.Fixed("after", "ece_after", 4, t => t.Reaching.After.ExpectedCalibrationError),
            .. Error("ece_after", t => t.Reaching.After),
            Column<TierReliability>.Fixed("on all flows, before", "ece_before_all", 4,
                t => t.All.Before.ExpectedCalibrationError),
            Column<TierReliability>.Fixed("on all flows, after", "ece_after_all", 4,
                t => t.All.After.ExpectedCalibrationError),
            .. Error("ece_after_all", t => t.All.After),
        ]));

        static IEnumerable<Column<TierReliability>> Error(string name, Func<TierReliability, ReliabilityDiagram> of) =>
            IntervalSections.Ends<TierReliability>("95 %", name, t => of(t).EceInterval,
                end => NumberText.Fixed(end, 4));
    }

    /// <summary>Shows what becomes of classes that training never saw.</summary>
    public static void AddUnknown(HtmlPage page, ReportContent content)
    {
        var (trained, here) = (content.Result.Bundle.Manifest.Unknown, content.Result.Unknown);
        if (trained is null && here is null)
        {
            return;
        }

        page.Section("unknown", "Unknown classes");
        if (here is not null)
        {
            AddHere(page, here);
        }

        if (trained is { LeftOut.Count: > 0 })
        {
            AddTrained(page, trained);
        }
    }

    static void AddHere(HtmlPage page, UnknownReport here)
    {
        page.Verdicts([Verdict.From(here.RejectedShare <= here.Budget,
            $"{NumberText.Count(here.Rejected)} of {NumberText.Count(here.Known, "flow")} of known classes are "
                + "answered "
            + $"unknown, {NumberText.Percent(here.RejectedShare)}; at most {NumberText.Percent(here.Budget)} was the "
            + "budget.")]);
        page.Paragraph($"{NumberText.Count(here.RejectedWrong)} of those would have got a wrong class. Were every "
            + $"flow given a class, the weighted F1 would be {NumberText.Fixed(here.WeightedF1Closed, 4)}. In every "
            + "other table of this page an answer unknown is a wrong one, and the systems that the cascade is compared "
            + "with give every flow a class.");
        if (here.UnknownClasses.Count > 0)
        {
            page.Table(Table.From("unknown-classes", "Classes of these flows that the bundle does not know; the AUROC "
                + "is the "
                + "probability that one of their flows looks more novel than a known one.", here.UnknownClasses,
                Column<UnknownClassScore>.Text("class", "class", c => c.Label),
                Column<UnknownClassScore>.Count("flows", "flows", c => c.Flows),
                Column<UnknownClassScore>.Fixed("AUROC", "auroc", 3, c => c.Auroc),
                Column<UnknownClassScore>.Share("answered unknown", "detected", c => c.Detected)));
        }
    }

    static void AddTrained(HtmlPage page, BundleUnknown trained)
    {
        page.Paragraph("In training each class was left out in turn, and a cascade without it met its flows: on "
            + "average "
            + $"{NumberText.Percent(trained.LeftOut.Average(c => c.Detected))} of them were answered unknown, with an "
            + "AUROC of "
            + $"{NumberText.Fixed(trained.LeftOut.Average(c => c.Auroc), 3)} (a half is chance).");
        page.Figure(UnknownFigure.Draw(trained));
    }
}
