using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>Single models and cascades by weighted F1 and what they cost, the chosen tiers marked.</summary>
sealed class ParetoFigure
{
    const double NsPerSecond = 1e9;

    readonly BundleManifest manifest;
    readonly BundlePlacement placement;
    readonly Func<BundleCandidate, double> ofModel;
    readonly Func<BundleCascade, double> ofCascade;
    readonly Func<BundleFronts, bool> front;

    ParetoFigure(EvaluationResult result, Func<BundleCandidate, double> ofModel, Func<BundleCascade, double> ofCascade,
        Func<BundleFronts, bool> front)
    {
        manifest = result.Bundle.Manifest;
        placement = manifest.Placement!;
        (this.ofModel, this.ofCascade, this.front) = (ofModel, ofCascade, front);
    }

    public static Figure Median(EvaluationResult result) =>
        new ParetoFigure(result, c => c.MedianMs, c => c.MedianMs, f => f.Median)
        .Draw("pareto-median", "Weighted F1 and median time to an answer", "median time to an answer",
            AxisUnit.Duration, Plot.Full);

    public static Figure Mean(EvaluationResult result) =>
        new ParetoFigure(result, c => c.MeanMs, c => c.MeanMs, f => f.Mean)
        .Draw("pareto-mean", "Weighted F1 and mean time to an answer", "mean time to an answer", AxisUnit.Duration,
            Plot.Half);

    public static Figure Rate(EvaluationResult result) =>
        new ParetoFigure(result, c => NsPerSecond / Math.Max(1, c.NsPerFlow),
        c => NsPerSecond / Math.Max(1, c.NsPerFlow), f => f.Rate)
        .Draw("pareto-rate", "Weighted F1 and service rate", "flows a second and core, computing alone", AxisUnit.Count,
            Plot.Half);

    Figure Draw(string name, string title, string cost, AxisUnit unit, double width)
    {
        var series = Series();
        var points = series.SelectMany(s => s.Points).ToList();
        var plot = new Plot
        {
            Label = title,
            Description = $"The cascade {string.Join(", ", placement.Chosen.Tiers)} reaches a weighted F1 of "
                + $"{NumberText.Fixed(placement.Chosen.WeightedF1, 3)}, the best single model "
                + $"{NumberText.Fixed(placement.Candidates.Max(c => c.WeightedF1), 3)}.",
            X = Axis.Decades(cost, unit, points.Select(p => p.X), LatencyFigure.ShortestMs),
            Y = Axis.Around("weighted F1", AxisUnit.Number, points.Select(p => p.Y), 0, 1),
            Series = series,
            Labels = Labels(),
            Width = width,
            Height = width == Plot.Full ? 430 : 370,
        };
        return new(title, $"The star is the chosen cascade, {string.Join(" → ", placement.Chosen.Tiers)}; rings are "
            + "its tiers.",
            plot.Draw(), Data(name));
    }

    /// <summary>Lists the series; what matters most comes last, and so lies on top.</summary>
    IReadOnlyList<Series> Series()
    {
        IEnumerable<Series> all =
        [
            Cascades(),
            new("front of single models", StepLine(), new(7, LineKind.Dotted)),
            .. placement.Candidates.GroupBy(c => c.Model).Select(Models),
            new("tiers", [.. Tiers().Select(t => Place(t.Model))], new(8, LineKind.None, Mark.Ring) { Radius = 8 }),
            new("the cascade", [Place(placement.Chosen)], new(1, LineKind.None, Mark.Star) { Radius = 6 }),
        ];
        return [.. all.Where(s => s.Points.Count > 0)];
    }

    Series Cascades()
    {
        var cascades = placement.Cascades.Where(c => c.Tiers.Count > 1).ToList();
        return new("cascades", [.. cascades.Select(Place)], new(6, LineKind.None, Mark.Circle) { Radius = 3 })
        {
            Tips = [.. cascades.Select(c =>
                $"{string.Join(" → ", c.Tiers)}: weighted F1 {NumberText.Fixed(c.WeightedF1, 4)}")],
        };
    }

    Series Models(IGrouping<string, BundleCandidate> kind, int number) => new(ModelName.From(kind.Key),
        [.. kind.Select(Place)], SeriesLook.Nth(number) with { Line = LineKind.None })
    {
        Tips = [.. kind.Select(c => $"{Name(c)}: weighted F1 {NumberText.Fixed(c.WeightedF1, 4)}")],
    };

    /// <summary>Round what the front leaves behind: along the cost while F1 stays, then up or down to the
    /// next.</summary>
    List<(double X, double Y)> StepLine()
    {
        var line = placement.Candidates.Where(c => front(c.Pareto)).Select(Place).OrderBy(p => p.X).ToList();
        return [.. line.Zip(line.Skip(1), (a, b) => new[] { a, a.Y < b.Y ? (b.X, a.Y) : (a.X, b.Y) })
            .SelectMany(p => p),
            .. line.TakeLast(1)];
    }

    /// <summary>Returns the cascade and its tiers first; then the other models, those on the front before the
    /// rest.</summary>
    IReadOnlyList<PlotLabel> Labels()
    {
        var tiers = Tiers().ToList();
        var chosen = tiers.Select(t =>
            new PlotLabel(ofModel(t.Model), t.Model.WeightedF1, $"{t.Tier}: {Name(t.Model)}", IsStrong: true));
        var others = placement.Candidates.Except(tiers.Select(t => t.Model)).OrderByDescending(c => front(c.Pareto))
            .Select(c => new PlotLabel(ofModel(c), c.WeightedF1, Name(c)));
        return [new(ofCascade(placement.Chosen), placement.Chosen.WeightedF1, "cascade", true), .. chosen, .. others];
    }

    IEnumerable<(string Tier, BundleCandidate Model)> Tiers() =>
        from tier in manifest.Tiers
        let model = placement.Candidates.FirstOrDefault(c => c.Model == tier.Model && c.Packets == tier.Packets)
        where model is not null
        select (tier.Name, model);

    (double X, double Y) Place(BundleCandidate c) => (ofModel(c), c.WeightedF1);

    (double X, double Y) Place(BundleCascade c) => (ofCascade(c), c.WeightedF1);

    CsvTable Data(string name) => new(name, ["kind", "name", "cost", "weighted_f1", "on_front"],
    [
        .. placement.Candidates.Select(c => Row("model", Name(c), Place(c), c.Pareto)),
        .. placement.Cascades.Where(c => c.Tiers.Count > 1)
            .Select(c => Row("cascade", string.Join(' ', c.Tiers), Place(c), c.Pareto)),
        Row("chosen", string.Join(" ", placement.Chosen.Tiers), Place(placement.Chosen), placement.Chosen.Pareto),
    ]);

    string[] Row(string kind, string name, (double X, double Y) at, BundleFronts fronts) =>
        [kind, name, NumberText.Raw(at.X), NumberText.Raw(at.Y), front(fronts) ? "true" : "false"];

    static string Name(BundleCandidate c) => $"{c.Model}@{c.Packets}";
}
