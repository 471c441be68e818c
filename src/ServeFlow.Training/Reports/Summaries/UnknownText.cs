using System.Text;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Evaluation;
using static ServeFlow.Training.Metrics.NumberText;

namespace ServeFlow.Training.Reports.Summaries;

/// <summary>Answering <c>unknown</c>, in training and in evaluation, for people.</summary>
static class UnknownText
{
    public static string Format(BundleUnknown unknown)
    {
        var table = new TextTable("left out", "flows", "AUROC", "answered unknown", "known flows so answered");
        foreach (var left in unknown.LeftOut)
        {
            table.Add(left.Label, $"{left.Flows}", Fixed(left.Auroc, 3), Percent(left.Detected),
                Percent(left.KnownRejected));
        }

        var (areas, count) = (unknown.LeftOut.Select(c => c.Auroc).ToList(), unknown.LeftOut.Count);
        return $"\n{table}unknown: {count} classes left out in turn, AUROC {Fixed(areas.Average(), 3)} on average "
            + $"({Fixed(areas.Min(), 3)} to {Fixed(areas.Max(), 3)}), "
            + $"{Percent(unknown.LeftOut.Average(c => c.Detected))} of their flows answered unknown, "
            + $"{Percent(unknown.LeftOut.Average(c => c.KnownRejected))} of known ones; "
            + $"budget {Percent(unknown.Budget)}\n";
    }

    /// <summary>Returns a line, and a table where there are classes that the bundle does not know.</summary>
    /// <param name="slowF1">Weighted F1 of the slow tier, which gives every flow a class.</param>
    public static string Format(UnknownReport report, double slowF1)
    {
        var text = new StringBuilder();
        if (report.UnknownClasses.Count > 0)
        {
            var table = new TextTable("unknown class", "flows", "AUROC", "answered unknown");
            foreach (var c in report.UnknownClasses)
            {
                table.Add(c.Label, $"{c.Flows}", Fixed(c.Auroc, 3), Percent(c.Detected));
            }

            text.Append(table);
        }

        text.Append(
            $"answered unknown: {report.Rejected} of {report.Known} known flows, {Percent(report.RejectedShare)} "
            + $"(budget {Percent(report.Budget)}), of which {report.RejectedWrong} would have got a wrong class; "
            + "weighted F1 "
            + $"{Fixed(report.WeightedF1Closed, 4)} were every flow given a class, as by the other systems: a loss of "
            + Fixed(slowF1 - report.WeightedF1Closed, 4));
        text.Append(report.Auroc is not { } auroc ? "\n" : $"; with unknown classes as one class "
            + $"{Fixed(report.OpenSet.WeightedF1, 4)}, AUROC {Fixed(auroc, 3)}\n");
        return text.ToString();
    }
}
