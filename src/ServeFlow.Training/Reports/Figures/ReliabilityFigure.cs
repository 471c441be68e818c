using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>Draws whether a tier is right as often as it says, before and after calibration.</summary>
static class ReliabilityFigure
{
    public static Figure Draw(TierReliability tier)
    {
        var (before, after) = (tier.Reaching.Before, tier.Reaching.After);
        var plot = new Plot
        {
            Label = $"reliability of tier {tier.Tier}",
            Description =
                $"Expected calibration error {NumberText.Fixed(before.ExpectedCalibrationError, 4)} before and "
                + $"{NumberText.Fixed(after.ExpectedCalibrationError, 4)} after calibration.",
            X = Axis.Shares("confidence"),
            Y = Axis.Shares("share that is right"),
            Series =
            [
                new("exact", [(0, 0), (1, 1)], SeriesLook.Random),
                Line("before", before, new(2, LineKind.LongDashed, Mark.Diamond)),
                Line("after", after, new(1, Mark: Mark.Circle)),
            ],
            Bars = [.. after.Bins.Select(b => new PlotBar(b.Confidence, (double)b.Flows / after.Flows))],
            Width = Plot.Half,
            Height = 340,
        };
        return new($"Reliability of tier {tier.Tier}", $"{NumberText.Count(after.Flows, "flow")} reach it. Expected "
            + $"calibration error {NumberText.Fixed(before.ExpectedCalibrationError, 3)} before, "
            + $"{NumberText.Fixed(after.ExpectedCalibrationError, 3)} after. Bars: the share of the flows with such a "
            + "confidence; "
            + "marks grow with it.", plot.Draw(), Data(tier));
    }

    static Series Line(string name, ReliabilityDiagram diagram, SeriesLook look) =>
        new(name, [.. diagram.Bins.Select(b => (b.Confidence, b.Accuracy))], look)
        {
            Weights = [.. diagram.Bins.Select(b => (double)b.Flows / diagram.Bins.Max(other => other.Flows))],
            Tips = [.. diagram.Bins.Select(b => $"{name}: confidence {NumberText.Percent(b.Confidence)}, right "
                + $"{NumberText.Percent(b.Accuracy)} of {NumberText.Count(b.Flows, "flow")}")],
        };

    static CsvTable Data(TierReliability tier) => new($"reliability-{tier.Tier}",
        ["flows_counted", "series", "confidence", "accuracy", "flows"],
        [.. Rows("all", "before", tier.All.Before), .. Rows("all", "after", tier.All.After),
            .. Rows("reaching", "before", tier.Reaching.Before), .. Rows("reaching", "after", tier.Reaching.After)]);

    static IEnumerable<IReadOnlyList<string>> Rows(string counted, string series, ReliabilityDiagram diagram) =>
        diagram.Bins.Select(b =>
            new[] { counted, series, NumberText.Raw(b.Confidence), NumberText.Raw(b.Accuracy), $"{b.Flows}" });
}
