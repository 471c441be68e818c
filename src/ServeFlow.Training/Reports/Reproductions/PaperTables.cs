using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Repeats;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Reproductions;

/// <summary>Provides the paper's tables, with its values beside those of a data set.</summary>
static class PaperTables
{
    public static Table Headline(ReproducedData data) => Table.From($"{data.FileName}-headline",
        $"The headline over {NumberText.Count(data.Splits.Runs.Count, "split")}, beside the paper's for its own "
        + "captures of eleven services, of which it counted answered flows only.", PaperHeadline.List(data),
        Column<PaperHeadline>.Text("figure", "figure", r => r.Figure),
        new("mean", "mean", r => r.Mean, r => Raw(r.Here?.Mean)),
        new("95 % of the mean", "low", r => r.Interval, r => Raw(r.Here?.Interval?.Low)),
        new("", "high", _ => "", r => Raw(r.Here?.Interval?.High)) { IsOnPage = false },
        new("deviation", "deviation", r => r.Deviation, r => Raw(r.Here?.Deviation)),
        new("paper", "paper", r => r.Paper, r => r.Paper));

    public static Table WeightedF1(ReproducedData data) => ByDepth(data, $"{data.FileName}-table-1",
        "Weighted F1 by model and packets (the paper's Table 1): mean over the splits, with the 95 % interval of the "
        + "mean. Each flow was predicted by models that had not seen its capture.", c => c.WeightedF1,
        PaperFigures.WeightedF1, value => NumberText.Fixed(value, 3), most: 1);

    public static Table Computing(ReproducedData data) => ByDepth(data, $"{data.FileName}-table-2",
        "Computing per flow by model and packets (the paper's Table 2): here features and scoring together, in full "
        + "batches on one core; there the median, features apart.",
        c => (c.Batches?[^1].NsPerFlow ?? c.NsPerFlow) / 1e6, PaperFigures.Ms, AxisText.Duration);

    /// <summary>Computes a figure of a candidate over the splits that tried it.</summary>
    /// <param name="most">What the figure cannot exceed; none is below 0, nor is its interval.</param>
    public static IEnumerable<(string Model, int Packets, SplitFigure Figure)> Candidates(RepeatedSplits splits,
        Func<BundleCandidate, double> figure, double most) => splits.Runs
        .SelectMany(run => run.Evaluated.Bundle.Manifest.Placement?.Candidates ?? [])
        .GroupBy(candidate => (candidate.Model, candidate.Packets))
        .Select(group => (group.Key.Model, group.Key.Packets,
            SplitFigure.From($"{group.Key.Model}@{group.Key.Packets}", [.. group.Select(figure)], splits.HoldOut)
                .Within(0, most)));

    static Table ByDepth(ReproducedData data, string name, string caption, Func<BundleCandidate, double> figure,
        IReadOnlyList<(string Model, IReadOnlyList<double> ByDepth)> paper, Func<double, string> format,
        double most = double.MaxValue)
    {
        var here = Candidates(data.Splits, figure, most).GroupBy(c => c.Model).Select(model => new Row("here",
            ModelName.From(model.Key), model.ToDictionary(c => c.Packets, c => c.Figure)));
        var there = paper.Select(row => new Row("paper", row.Model, PaperFigures.Depths.Zip(row.ByDepth).ToDictionary(
            pair => pair.First, pair => SplitFigure.From("", [pair.Second], data.Splits.HoldOut))));
        return Table.From(name, caption, here.Concat(there),
        [
            Column<Row>.Text("", "source", r => r.Source),
            Column<Row>.Text("model", "model", r => r.Model),
            .. PaperFigures.Depths.SelectMany(depth => Columns(depth, format)),
        ]);
    }

    static IEnumerable<Column<Row>> Columns(int depth, Func<double, string> format) =>
    [
        new(NumberText.Count(depth, "packet"), $"packets_{depth}", r => Shown(r.At(depth), format),
            r => Raw(r.At(depth)?.Mean)),
        new("", $"packets_{depth}_low", _ => "", r => Raw(r.At(depth)?.Interval?.Low)) { IsOnPage = false },
        new("", $"packets_{depth}_high", _ => "", r => Raw(r.At(depth)?.Interval?.High)) { IsOnPage = false },
    ];

    static string Shown(SplitFigure? figure, Func<double, string> format) => figure is null ? ""
        : format(figure.Mean) + (figure.Interval is { } interval ? $" {interval.Format(format)}" : "");

    static string Raw(double? value) => value is { } number ? NumberText.Raw(number) : "";

    sealed record Row(string Source, string Model, IReadOnlyDictionary<int, SplitFigure> ByDepth)
    {
        public SplitFigure? At(int depth) => ByDepth.GetValueOrDefault(depth);
    }
}
