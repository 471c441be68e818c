using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>The figures that matter, at the top.</summary>
static class SummarySection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        var (result, data) = (content.Result, content.Result.Data);
        page.Footnote($"{NumberText.Count(data.Flows)} {result.Unit.Units} of {data.Classes} classes in "
            + $"{NumberText.Count(data.Captures, "capture")} that training never saw. Every labelled one counts, and "
            + "one without an answer is a wrong answer. Times run from the first packet to the answer.");
        if (result.Unit.Length is { } window)
        {
            page.Footnote($"What is answered here are windows of flows, of {AxisText.Duration(window.TotalMilliseconds)} "
                + "each, every one anew from its own first packets: where this page says flow, read window.");
        }

        page.Cards(
            (NumberText.Percent(result.Cascade.Under16Ms), "of flows answered in under 16 ms"),
            (AxisText.Duration(result.Cascade.MedianMs), "median time to an answer; "
                + $"{AxisText.Duration(result.SlowOnly.MedianMs)} with the slow model on every flow"),
            (NumberText.Fixed(result.Cascade.WeightedF1, 3), "weighted F1; "
                + $"{NumberText.Fixed(result.SlowOnly.WeightedF1, 3)} with the slow model on every flow"),
            (NumberText.Percent(result.ErrorsCaught), "of the first tier's wrong answers escalated"));
        page.Verdicts(Verdicts.Summary(content));
    }
}
