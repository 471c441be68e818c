using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Reports.Drawing;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>A row for each field: a bar for the cascade with its spread, a mark for each tier.</summary>
sealed class ImportanceFigure
{
    const double RowHeight = 24;
    const double Foot = 46;
    const double MostMargin = 220;

    readonly ImportanceReport report;
    readonly IReadOnlyList<ImportanceRow> rows;
    readonly string[] names;
    readonly Legend legend;
    readonly Canvas canvas;
    readonly Axis axis;
    readonly Box area;

    ImportanceFigure(string title, ImportanceReport report, IReadOnlyList<ImportanceRow> rows, Func<ImportanceRow, string> name)
    {
        (this.report, this.rows) = (report, rows);
        names = [.. rows.Select(r => TextWidth.Fit(name(r), TextLook.Ink.Size, MostMargin))];
        legend = new(report.Systems.Select((s, i) => new Series(s, [], Look(i))), Plot.Full);
        var left = names.Max(n => TextLook.Ink.Width(n)) + 10;
        area = new(left, legend.Height, Plot.Full - left - 30, rows.Count * RowHeight);
        canvas = new(Plot.Full, area.Bottom + Foot, title, $"Most is lost without {names[0]}: "
            + $"{NumberText.Fixed(rows[0].Losses[0].Mean, 3)} of the cascade's weighted F1.");
        axis = Axis.Around("weighted F1 lost", AxisUnit.Number, rows.SelectMany(r => r.Losses)
            .SelectMany(l => new[] { l.Mean - l.Spread, l.Mean + l.Spread }).Append(0), -1, 1);
    }

    public static Figure Draw(string file, string title, string caption, ImportanceReport report,
        IReadOnlyList<ImportanceRow> rows, int most, Func<ImportanceRow, string> name) =>
        new(title, caption, new ImportanceFigure(title, report, [.. rows.Take(most)], name).Draw(), Data(file, report, rows));

    string Draw()
    {
        legend.Draw(canvas);
        foreach (var tick in axis.Ticks(area.Width, TextLook.Plain.Width))
        {
            canvas.Line(X(tick.Value), area.Top, X(tick.Value), area.Bottom, tick.Value == 0 ? "axis" : "grid");
            canvas.Text(X(tick.Value), area.Bottom + 14, tick.Text, TextLook.Plain, TextAnchor.Middle, Canvas.Data("x", tick.Value));
        }

        canvas.Text(area.Centre, area.Bottom + 36, axis.Title, TextLook.Ink, TextAnchor.Middle);
        foreach (var (number, row) in rows.Index())
        {
            DrawRow(row, names[number], area.Top + ((number + 0.5) * RowHeight));
        }

        return canvas.ToString();
    }

    void DrawRow(ImportanceRow row, string name, double middle)
    {
        canvas.Text(area.Left - 8, middle, name, TextLook.Ink, TextAnchor.End);
        var (mean, spread) = row.Losses[0];
        canvas.Rect(new(Math.Min(X(0), X(mean)), middle - 7, Math.Abs(X(mean) - X(0)), 14), "band f1", Tip(row, 0), corner: 1.5);
        canvas.Line(X(mean - spread), middle, X(mean + spread), middle, "line s1 w1");
        for (var system = 1; system < row.Losses.Count; system++)
        {
            var look = Look(system);
            canvas.Mark(look.Mark, X(row.Losses[system].Mean), middle, look.Radius, Lines.MarkStyle(look), Tip(row, system));
        }
    }

    string Tip(ImportanceRow row, int system) => $"{row.Name}, {report.Systems[system]}: "
        + $"{NumberText.Fixed(row.Losses[system].Mean, 4)} ± {NumberText.Fixed(row.Losses[system].Spread, 4)}";

    double X(double value) => area.Left + (axis.Position(value) * area.Width);

    /// <summary>A square patch for the cascade, whose bar it is; the tiers' own marks.</summary>
    static SeriesLook Look(int system) => system == 0
        ? new(1, LineKind.Solid, Width: 3)
        : SeriesLook.Tier(system - 1) with { Line = LineKind.None, Radius = 4 };

    static CsvTable Data(string file, ImportanceReport report, IReadOnlyList<ImportanceRow> rows) => new(file,
        ["name", .. report.Systems.SelectMany(s => new[] { $"{s}_loss", $"{s}_spread" })],
        [.. rows.Select(r => (string[])[r.Name, .. r.Losses.SelectMany(l => new[] { NumberText.Raw(l.Mean), NumberText.Raw(l.Spread) })])]);
}
