using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>
/// Draws what is lost without a field or a packet: a bar for the cascade with its spread, a mark for each tier.
/// </summary>
static class ImportanceFigure
{
    /// <param name="most">Rows that are drawn; the file has all.</param>
    /// <param name="name">The name of a row.</param>
    public static Figure Draw(string file, string title, string caption, ImportanceReport report,
        IReadOnlyList<ImportanceRow> rows, int most, Func<ImportanceRow, string> name)
    {
        var shown = rows.Take(most).ToList();
        var ends = shown.SelectMany(r => r.Losses)
            .SelectMany(l => new[] { l.Mean - l.StandardDeviation, l.Mean + l.StandardDeviation });
        var chart = new RowChart
        {
            Label = title,
            Description = $"Most is lost without {name(shown[0])}: {NumberText.Fixed(shown[0].Losses[0].Mean, 3)} of "
                + "the cascade's weighted F1.",
            X = Axis.Around("weighted F1 lost", AxisUnit.Number, ends.Append(0), -1, 1),
            Names = [.. shown.Select(name)],
            Series = [.. report.Systems.Select((system, i) =>
                new RowSeries(system, [.. shown.Select(r => r.Losses[i].Mean)], Look(i))
            {
                ErrorBars = [.. shown.Select(r => r.Losses[i].StandardDeviation)],
            })],
        };
        return new(title, caption, chart.Draw(), Data(file, report, rows));
    }

    static SeriesLook Look(int system) => system == 0
        ? new(1, LineKind.Solid, Width: 3)
        : SeriesLook.Tier(system - 1) with { Line = LineKind.None, Radius = 4 };

    static CsvTable Data(string file, ImportanceReport report, IReadOnlyList<ImportanceRow> rows) => new(file,
        ["name", .. report.Systems.SelectMany(s => new[] { $"{s}_loss", $"{s}_spread" })],
        [.. rows.Select(r => (string[])[r.Name,
            .. r.Losses.SelectMany(l => new[] { NumberText.Raw(l.Mean), NumberText.Raw(l.StandardDeviation) })])]);
}
