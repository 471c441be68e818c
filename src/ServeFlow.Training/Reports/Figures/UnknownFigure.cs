using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>Draws, by class left out of training, how well its flows are told from known ones.</summary>
static class UnknownFigure
{
    public static Figure Draw(BundleUnknown trained)
    {
        var classes = trained.LeftOut.OrderByDescending(c => c.Auroc).ToList();
        var chart = new RowChart
        {
            Label = "classes left out of training",
            Description = $"AUROC from {NumberText.Fixed(classes[^1].Auroc, 3)} for {classes[^1].Label} to "
                + $"{NumberText.Fixed(classes[0].Auroc, 3)} for {classes[0].Label}.",
            X = new("share of flows, and AUROC", AxisUnit.Number, 0, 1),
            Names = [.. classes.Select(c => c.Label)],
            Series =
            [
                new("its flows answered unknown", [.. classes.Select(c => c.Detected)], new(1, Width: 3)),
                new("known flows answered unknown", [.. classes.Select(c => c.KnownRejected)],
                    new(2, LineKind.None, Mark.Diamond) { Radius = 4 }),
                new("AUROC", [.. classes.Select(c => c.Auroc)], new(8, LineKind.None, Mark.Circle) { Radius = 4 }),
            ],
        };
        return new("Classes left out of training in turn", "Each row is of a cascade that never saw the class. The "
            + "budget "
            + $"for known flows is {NumberText.Percent(trained.Budget)}.", chart.Draw(), Data(classes));
    }

    static CsvTable Data(IEnumerable<BundleLeftOut> classes) => new("unknown",
        ["class", "flows", "auroc", "detected", "known_rejected"],
        [.. classes.Select(c => new[]
        {
            c.Label, $"{c.Flows}", NumberText.Raw(c.Auroc), NumberText.Raw(c.Detected), NumberText.Raw(c.KnownRejected),
        })]);
}
