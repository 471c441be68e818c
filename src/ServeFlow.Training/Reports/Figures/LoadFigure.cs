using ServeFlow.Training.Reports.Drawing;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>Service rate and missed flows against offered load (the paper's throughput figure).</summary>
static class LoadFigure
{
    public static Figure Rate(LoadRun load)
    {
        var most = load.Points.Max(p => Math.Max(p.Offered, p.Achieved));
        Series[] series =
        [
            new("served", [.. load.Points.Select(p => (p.Offered, p.Achieved))],
                new(1, Mark: Mark.Circle))
            {
                Tips = [.. load.Points.Select(p =>
                    $"{NumberText.Count(p.Offered)} offered, {NumberText.Count(p.Achieved)} served")],
            },
            new("offered", [(0, 0), (most, most)], SeriesLook.Random),
        ];
        var plot = new Plot
        {
            Label = "served flows against offered flows",
            Description = $"Of {NumberText.Count(load.Points[^1].Offered)} new flows a second offered, "
                + $"{NumberText.Count(load.Points[^1].Achieved)} are served.",
            X = new("offered load (new flows/s)", AxisUnit.Count, 0, most * 1.05),
            Y = new("service rate (flows/s)", AxisUnit.Count, 0, most * 1.05),
            Series = series,
            Width = Plot.Half,
            Height = 320,
        };
        return new("Service rate against offered load", "On the dotted line every flow is served at the pace at which "
            + "it comes.",
            plot.Draw(), new("service-rate", ["offered", "achieved"],
                [.. load.Points.Select(p => new[] { NumberText.Raw(p.Offered), NumberText.Raw(p.Achieved) })]));
    }

    public static Figure Missed(LoadRun load)
    {
        var plot = new Plot
        {
            Label = "missed flows against offered flows",
            Description = $"At the highest load {NumberText.Percent(load.Points[^1].Missed)} of the flows are missed.",
            X = new("offered load (new flows/s)", AxisUnit.Count, 0, load.Points[^1].Offered * 1.05),
            Y = new("missed flows", AxisUnit.Share, 0, Math.Max(0.1, load.Points.Max(p => p.Missed) * 1.1)),
            Series =
            [
                new("missed", [.. load.Points.Select(p => (p.Offered, p.Missed))],
                    new(2, LineKind.LongDashed, Mark.Diamond))
                {
                    Tips = [.. load.Points.Select(p =>
                        $"{NumberText.Count(p.Offered)} offered, {NumberText.Percent(p.Missed)} missed")],
                },
            ],
            Width = Plot.Half,
            Height = 320,
        };
        return new("Missed flows against offered load", "Flows not taken up at the pace at which they came.",
            plot.Draw(),
            new("missed-flows", ["offered", "missed"],
                [.. load.Points.Select(p => new[] { NumberText.Raw(p.Offered), NumberText.Raw(p.Missed) })]));
    }
}
