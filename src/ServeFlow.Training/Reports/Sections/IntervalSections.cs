using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Shows how certain the figures of an evaluation are.</summary>
static class IntervalSections
{
    /// <summary>Says what the intervals of the page are.</summary>
    public static IEnumerable<string> Notes(EvaluationResult result)
    {
        var comparison = result.Comparison;
        yield return $"Intervals are of 95 %, over {NumberText.Count(comparison.Draws)} draws "
            + (comparison.Captures == 1
                ? $"of single flows, because all are of one {comparison.GroupWord}: other {comparison.GroupWord}s will "
                    + "differ by more."
                : $"of the {NumberText.Count(comparison.Captures)} {comparison.GroupWord}s, each drawn whole, with "
                    + "replacement. The interval of a difference or ratio is of the same draws of both.");
        if (comparison.SpeedupMedian is null)
        {
            yield return "The ratio of the medians is not told. "
                + $"{NumberText.Percent(comparison.FirstPacketShare)} of the flows "
                + $"{NumberText.Percent(comparison.FirstPacketInterval)} are answered on packet 1; half lies within, "
                + "where the cascade's median jumps between computing and waiting.";
        }
    }

    public static void AddSystems(HtmlPage page, EvaluationResult result)
    {
        Named[] systems = [.. result.Systems.Where(system => system.Score.Interval is not null)
            .Select(system => new Named(system.Name.Replace('_', ' '), system.Score.Interval!))];
        page.Table(Table.From("system-intervals", "The 95 % intervals of the figures above.", systems,
        [
            Column<Named>.Text("system", "system", s => s.Name),
            .. Ends<Named>("weighted F1", "weighted_f1", s => s.Of.WeightedF1, end => NumberText.Fixed(end, 4)),
            .. Ends<Named>("macro F1", "macro_f1", s => s.Of.MacroF1, end => NumberText.Fixed(end, 4)),
            .. Ends<Named>("accuracy", "accuracy", s => s.Of.Accuracy, end => NumberText.Fixed(end, 4)),
            .. Ends<Named>("< 1 ms", "under_1ms", s => s.Of.Under1Ms, Percent),
            .. Ends<Named>("< 16 ms", "under_16ms", s => s.Of.Under16Ms, Percent),
        ]));
        page.Table(Table.From("system-interval-times", "The 95 % intervals of the times above.", systems,
        [
            Column<Named>.Text("system", "system", s => s.Name),
            .. Ends<Named>("median", "median_ms", s => s.Of.MedianMs, AxisText.Duration),
            .. Ends<Named>("mean", "mean_ms", s => s.Of.MeanMs, AxisText.Duration),
            .. Ends<Named>("90 %", "p90_ms", s => s.Of.P90Ms, AxisText.Duration),
            .. Ends<Named>("99 %", "p99_ms", s => s.Of.P99Ms, AxisText.Duration),
        ]));
    }

    public static void AddTiers(HtmlPage page, EvaluationResult result) => page.Table(Table.From("tier-intervals",
        "The 95 % intervals of the tiers' figures.", result.Tiers.Where(tier => tier.Interval is not null),
        [
            Column<TierScore>.Text("tier", "tier", t => t.Name),
            .. Ends<TierScore>("answers", "answered_share", t => t.Interval!.AnsweredShare, Percent),
            .. Ends<TierScore>("escalates", "escalated_share", t => t.Interval!.EscalatedShare, Percent),
            .. Ends<TierScore>("errors caught", "errors_caught",
                t => t == result.Tiers[^1] ? null : t.Interval!.ErrorsCaught, Percent),
            .. Ends<TierScore>("weighted F1", "weighted_f1", t => t.Interval!.WeightedF1,
                end => NumberText.Fixed(end, 4)),
        ]));

    /// <summary>Makes the columns of an interval: one on the page, and a file's column for either end.</summary>
    /// <param name="head">What the page calls the figure.</param>
    /// <param name="name">What the file calls it.</param>
    /// <param name="interval">Gets a row's interval; null leaves the cells empty.</param>
    /// <param name="format">Writes one end on the page.</param>
    public static IEnumerable<Column<T>> Ends<T>(string head, string name, Func<T, Interval?> interval,
        Func<double, string> format) =>
    [
        new(head, $"{name}_low", row => interval(row)?.Format(format) ?? "", row => Raw(interval(row)?.Low)),
        new("", $"{name}_high", _ => "", row => Raw(interval(row)?.High)) { IsOnPage = false },
    ];

    static string Percent(double share) => NumberText.Percent(share);

    static string Raw(double? end) => end is { } value ? NumberText.Raw(value) : "";

    sealed record Named(string Name, SystemIntervals Of);
}
