using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Repeats;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Reproductions;

/// <summary>Provides the paper's figures, drawn of the means over the splits of a data set.</summary>
static class PaperCurves
{
    /// <summary>Steps of the share escalated.</summary>
    const int Steps = 20;

    /// <summary>Shorter times are drawn as this one.</summary>
    const double ShortestMs = 0.0001;

    /// <summary>Draws the share that the first tier escalates against weighted F1 (the paper's Figure 2).</summary>
    public static Figure? Assignment(ReproducedData data)
    {
        var curves = data.Splits.Runs.SelectMany(run => run.Evaluated.Curves.Take(1)).ToList();
        if (curves.Count == 0)
        {
            return null;
        }

        (string Name, SeriesLook Look, Func<EvaluationCurve, IEnumerable<(double, double)>> Points)[] kinds =
        [
            ("by uncertainty", SeriesLook.Cascade, c => c.Points.Select(p => (p.Share, p.WeightedF1))),
            ("oracle", SeriesLook.Oracle, c => c.Oracle.Select(p => (p.Share, p.WeightedF1))),
            ("random", SeriesLook.Random, c => c.Random.Select(p => (p.Share, p.WeightedF1))),
        ];
        var lines = kinds.Select(kind => (kind.Name, kind.Look, Figures: Average(curves.Select(c =>
            kind.Points(c).ToArray()), data.Splits.HoldOut))).ToList();
        return Draw(data, "figure-2", "Share escalated by the first tier and weighted F1",
            "The paper's Figure 2: escalated flows go straight to the slow model. Means over the splits; the file has "
            + "intervals.", Axis.Shares("share of the flows escalated"), [.. lines.Select(line => new Series(line.Name,
                [.. line.Figures.Select((figure, step) => ((double)step / Steps, figure.Mean))], line.Look))],
            ["series", "share_escalated", "weighted_f1", "low", "high"],
            [.. lines.SelectMany(line => line.Figures.Select((figure, step) =>
                Row(line.Name, (double)step / Steps, figure)))]);
    }

    /// <summary>Draws how long packets are waited for (the paper's Figure 3).</summary>
    public static Figure Waiting(ReproducedData data)
    {
        var depths = data.Splits.Runs.SelectMany(run => run.Evaluated.Waits).Where(wait => wait.Packets > 1)
            .GroupBy(wait => wait.Packets).OrderBy(group => group.Key);
        Series[] series = [.. depths.Select((waits, number) => LatencyFigure.Cdf(
            $"{waits.Key} packets ({NumberText.Percent(waits.Average(wait => wait.Complete), 0)} have them)",
            [.. waits.First().WaitMs.Select((_, step) => waits.Average(wait => wait.WaitMs[step]))],
            SeriesLook.Nth(number) with { Mark = Mark.None }))];
        var plot = new Plot
        {
            Label = "waiting time by packets wanted",
            Description = $"Waits for {string.Join(", ", series.Select(s => s.Name))}.",
            X = Axis.Decades("wait from the first packet", AxisUnit.Duration,
                series.SelectMany(s => s.Points).Select(p => p.X).Append(16), 0.01),
            Y = Axis.Shares("share of flows"),
            Series = series,
            Guides = [new(16, "16 ms")],
        };
        return new("Waiting time by packets wanted", "The paper's Figure 3: from a flow's first packet to the last "
            + "that a model wants, by the captures' own timestamps. Quantiles are means over the splits.", plot.Draw(),
            LatencyFigure.Data($"{data.FileName}-figure-3", "packets", series));
    }

    /// <summary>Draws models by weighted F1 and time to an answer (the paper's Figure 5).</summary>
    public static Figure Placement(ReproducedData data)
    {
        var times = PaperTables.Candidates(data.Splits, c => c.MedianMs, double.MaxValue)
            .ToDictionary(c => (c.Model, c.Packets), c => c.Figure.Mean);
        var models = PaperTables.Candidates(data.Splits, c => c.WeightedF1, most: 1).Select(c =>
            (c.Model, Name: $"{c.Model}@{c.Packets}", Ms: times[(c.Model, c.Packets)], c.Figure)).ToList();
        var cascade = (Ms: data.Splits.Figure("", r => r.Cascade.MedianMs).Mean,
            Figure: data.Splits.Figure("", r => r.Cascade.WeightedF1).Within(0, 1));
        Series[] series =
        [
            .. models.GroupBy(m => m.Model).Select((kind, number) => new Series(ModelName.From(kind.Key),
                [.. kind.Select(m => (m.Ms, m.Figure.Mean))], SeriesLook.Nth(number) with { Line = LineKind.None })),
            new("the cascade, on captures held back", [(cascade.Ms, cascade.Figure.Mean)],
                new(1, LineKind.None, Mark.Star) { Radius = 6 }),
        ];
        var figure = Draw(data, "figure-5", "Weighted F1 and median time to an answer",
            "The paper's Figure 5: every model at every depth, waiting included; up and to the left is better. Means "
            + "over the splits.", Axis.Decades("median time to an answer", AxisUnit.Duration,
                series.SelectMany(s => s.Points).Select(p => p.X), ShortestMs), series,
            ["name", "median_ms", "weighted_f1", "low", "high"],
            [.. models.Select(m => Row(m.Name, m.Ms, m.Figure)), Row("cascade", cascade.Ms, cascade.Figure)],
            [.. models.Select(m => new PlotLabel(m.Ms, m.Figure.Mean, m.Name))]);
        return figure;
    }

    /// <summary>Draws service rate and missed flows against offered load.</summary>
    public static IEnumerable<Figure> Load(ReproducedData data) =>
        new[] { LoadFigure.Rate(data.Load), LoadFigure.Missed(data.Load) }.Select(figure =>
            figure with { Data = figure.Data with { Name = $"{data.FileName}-{figure.Name}" } });

    static Figure Draw(ReproducedData data, string name, string title, string caption, Axis x,
        IReadOnlyList<Series> series, string[] head, IReadOnlyList<string[]> rows,
        IReadOnlyList<PlotLabel>? labels = null)
    {
        var plot = new Plot
        {
            Label = title,
            Description = caption,
            X = x,
            Y = Axis.Around("weighted F1", AxisUnit.Number, series.SelectMany(s => s.Points).Select(p => p.Y), 0, 1),
            Series = series,
            Labels = labels ?? [],
        };
        return new(title, caption, plot.Draw(), new($"{data.FileName}-{name}", head, rows));
    }

    static string[] Row(string name, double x, SplitFigure figure) =>
    [
        name, NumberText.Raw(x), NumberText.Raw(figure.Mean), figure.Interval is { } low ? NumberText.Raw(low.Low) : "",
        figure.Interval is { } high ? NumberText.Raw(high.High) : "",
    ];

    /// <summary>Averages curves at equal steps of the share.</summary>
    static SplitFigure[] Average(IEnumerable<(double X, double Y)[]> curves, double holdOut)
    {
        var all = curves.ToList();
        return [.. Enumerable.Range(0, Steps + 1).Select(step =>
            SplitFigure.From("", [.. all.Select(curve => At(curve, (double)step / Steps))], holdOut))];
    }

    /// <summary>Interpolates a curve between the points beside a place.</summary>
    /// <param name="curve">The points, by rising x.</param>
    static double At((double X, double Y)[] curve, double x)
    {
        var after = Array.FindIndex(curve, point => point.X >= x);
        if (after <= 0)
        {
            return after == 0 ? curve[0].Y : curve[^1].Y;
        }

        var (from, to) = (curve[after - 1], curve[after]);
        return from.Y + ((to.Y - from.Y) * (x - from.X) / (to.X - from.X));
    }
}
