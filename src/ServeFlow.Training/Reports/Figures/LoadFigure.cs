using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

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
        Series[] series =
        [
            Line("flows missed", load, p => p.Missed, new(2, LineKind.LongDashed, Mark.Diamond)),
            Line("packets dropped", load, p => p.DroppedShare, new(5, LineKind.DashDot, Mark.Triangle)),
            Line("flows answered early", load, p => p.OverloadShare, new(6, Mark: Mark.Square)),
        ];
        var plot = new Plot
        {
            Label = "what is lost against offered flows",
            Description = $"At the highest load {NumberText.Percent(load.Points[^1].Missed)} of the flows are missed "
                + "and "
                + $"{NumberText.Percent(load.Points[^1].DroppedShare)} of the packets dropped.",
            X = new("offered load (new flows/s)", AxisUnit.Count, 0, load.Points[^1].Offered * 1.05),
            Y = new("share", AxisUnit.Share, 0,
                Math.Min(1, Math.Max(0.1, series.SelectMany(s => s.Points).Max(p => p.Y) * 1.1))),
            Series = series,
            Width = Plot.Half,
            Height = 320,
        };
        return new("What is missed against offered load", "Flows not taken up at the pace at which they came, packets "
            + "for "
            + "which there was no room, flows that an earlier tier answered to keep up.", plot.Draw(),
            Data("missed-flows", "share", series));
    }

    /// <summary>
    /// Draws the delay of the flows that do not wait for packets, so that what is seen is the load's doing.
    /// </summary>
    public static Figure Delay(LoadRun load)
    {
        Series[] series =
        [
            Line("median", load, p => p.FirstPacket.P50Us / 1e3, new(1, Mark: Mark.Circle)),
            Line("99 %", load, p => p.FirstPacket.P99Us / 1e3, new(4, LineKind.Dashed, Mark.Square)),
        ];
        var plot = new Plot
        {
            Label = "delay of answers on packet 1 against offered flows",
            Description = "At the highest load the median is "
                + $"{AxisText.Duration(load.Points[^1].FirstPacket.P50Us / 1e3)}.",
            X = new("offered load (new flows/s)", AxisUnit.Count, 0, load.Points[^1].Offered * 1.05),
            Y = Axis.Decades("time to an answer on packet 1", AxisUnit.Duration,
                series.SelectMany(s => s.Points).Select(p => p.Y), 1e-3),
            Series = series,
            Width = Plot.Half,
            Height = 320,
        };
        return new("Delay against offered load", "From the moment at which the first packet was due to the answer, of "
            + "the "
            + "flows answered on it.", plot.Draw(), Data("load-delay", "milliseconds", series));
    }

    static Series Line(string name, LoadRun load, Func<LoadPoint, double> value, SeriesLook look) =>
        new(name, [.. load.Points.Select(p => (p.Offered, value(p)))], look)
        {
            Tips = [.. load.Points.Select(p => $"{name}, {NumberText.Count(p.Offered)} offered: "
                + $"{NumberText.Raw(value(p))}")],
        };

    static CsvTable Data(string name, string value, IEnumerable<Series> series) =>
        new(name, ["series", "offered", value],
        [.. series.SelectMany(s => s.Points.Select(p => new[] { s.Name, NumberText.Raw(p.X), NumberText.Raw(p.Y) }))]);
}
