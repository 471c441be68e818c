using ServeFlow.Training.Calibration;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>Draws one tier's share escalated against the weighted F1 of all flows.</summary>
static class AssignmentFigure
{
    public static Figure Draw(EvaluationResult result, int tier)
    {
        var (curve, score) = (result.Curves[tier], result.Tiers[tier]);
        var flows = result.Paths.Tiers[tier];
        var at = flows.Reached == 0 ? 0 : (double)flows.Escalated / flows.Reached;
        Series[] series =
        [
            new($"by {score.Name}'s uncertainty", [.. curve.Points.Select(p => (p.Share, p.WeightedF1))],
                SeriesLook.Cascade),
            new("oracle", Line(curve.Oracle), SeriesLook.Oracle),
            new("random", Line(curve.Random), SeriesLook.Random),
            new("where the cascade stands", [(at, result.Cascade.WeightedF1)], new(8, LineKind.None, Mark.Star)),
        ];
        var area = NumberText.Fixed(curve.Area, 3);
        var plot = new Plot
        {
            Label = $"share escalated by tier {curve.Tier} against weighted F1",
            Description = $"Weighted F1 from {NumberText.Fixed(curve.Points[0].WeightedF1, 3)} with nothing escalated "
                + $"to {NumberText.Fixed(curve.Points[^1].WeightedF1, 3)} with everything; area {area} between random, "
                + "0, and oracle, 1.",
            X = Axis.Shares("share of the tier's flows escalated"),
            Y = Axis.Around("weighted F1", AxisUnit.Number, series.SelectMany(s => s.Points).Select(p => p.Y), 0, 1),
            Series = series,
            Width = result.Curves.Count == 1 ? Plot.Full : Plot.Half,
            Height = 330,
        };
        return new($"Tier {curve.Tier}: share escalated and weighted F1",
            $"{NumberText.Count(flows.Reached, "flow")} reach the tier. Area {area} of the way from random to oracle.",
            plot.Draw(), Data(curve, series));
    }

    static IReadOnlyList<(double X, double Y)> Line(IEnumerable<SharePoint> points) =>
        [.. points.Select(p => (p.Share, p.WeightedF1))];

    static CsvTable Data(EvaluationCurve curve, IEnumerable<Series> series) => new($"assignment-{curve.Tier}",
        ["series", "share_escalated", "weighted_f1", "errors_caught"],
        [.. series.SelectMany((s, number) => s.Points.Select((p, i) => new[]
        {
            s.Name, NumberText.Raw(p.X), NumberText.Raw(p.Y), number == 0 ? NumberText.Raw(curve.Points[i].Caught) : "",
        }))]);
}
