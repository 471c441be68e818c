using ServeFlow.Training.Metrics;
using ServeFlow.Training.Repeats;
using ServeFlow.Training.Reports.Summaries;

namespace ServeFlow.Training.Reports.Reproductions;

/// <summary>Represents a figure of the paper's headline, beside the same over the splits of a data set.</summary>
/// <param name="Here">Null where no split tells it.</param>
/// <param name="IsShare">Whether it is written as a percentage.</param>
/// <param name="Paper">The paper's value; empty where it gives none.</param>
sealed record PaperHeadline(string Figure, SplitFigure? Here, bool IsShare, string Paper)
{
    /// <summary>Lists the headline; the paper's values are those of service recognition.</summary>
    public static IReadOnlyList<PaperHeadline> List(ReproducedData data)
    {
        var splits = data.Splits;
        double[] medians = [.. splits.Runs.Select(run => run.Evaluated.Comparison.SpeedupMedian).OfType<double>()];
        return
        [
            Score("weighted F1 of the cascade", splits.Figure("f1", r => r.Cascade.WeightedF1), "0.964"),
            Score("weighted F1 of the slow model on every flow", splits.Figure("slow", r => r.SlowOnly.WeightedF1),
                "0.973"),
            Number("weighted F1 lost", splits.Figure("loss", r => r.Comparison.Loss), "0.009"),
            Score("weighted F1 of a random assignment", splits.Figure("random", r => r.Random.WeightedF1), ""),
            Score("weighted F1 of an oracle", splits.Figure("oracle", r => r.Oracle.WeightedF1), ""),
            Share("answered in under 16 ms", splits.Figure("16", r => r.Cascade.Under16Ms), "76.3 %"),
            Share("answered in under 1 ms", splits.Figure("1", r => r.Cascade.Under1Ms), ""),
            Ratio("mean latency of the slow model on every flow / cascade",
                splits.Figure("mean", r => r.Comparison.SpeedupMean), ""),
            Ratio("the same of median latency "
                + $"(told in {medians.Length} of {NumberText.Count(splits.Runs.Count, "split")})",
                medians.Length == 0 ? null : SplitFigure.From("median", medians, splits.HoldOut), "40.5"),
            Share("wrong first answers escalated", splits.Figure("caught", r => r.ErrorsCaught), "82\u201395 %"),
            Share("first answers escalated", splits.Figure("escalated", r => r.Tiers[0].EscalatedShare), "about 50 %"),
            Ratio($"service rate in new flows/s ({NumberText.Count(data.Load.Workers, "core")}; the paper: 16)",
                SplitFigure.From("rate", [data.Load.Points.Max(point => point.Achieved)], splits.HoldOut), "48,500"),
        ];
    }

    public string Mean => Here is { } here ? Format(here.Mean) : "not told";

    public string Interval => Here?.Interval is { } interval ? interval.Format(Format) : "";

    public string Deviation => Here is { Values.Count: > 1 } here ? Format(here.Deviation) : "";

    /// <summary>Formats the headline of a data set as plain text.</summary>
    public static string Text(ReproducedData data)
    {
        var table = new TextTable(data.Name, "mean", "95 % interval of the mean", "deviation", "paper");
        foreach (var row in List(data))
        {
            table.Add(row.Figure, row.Mean, row.Interval, row.Deviation, row.Paper);
        }

        return table.ToString();
    }

    static PaperHeadline Number(string figure, SplitFigure? here, string paper) => new(figure, here, false, paper);

    static PaperHeadline Score(string figure, SplitFigure here, string paper) =>
        Number(figure, here.Within(0, 1), paper);

    static PaperHeadline Ratio(string figure, SplitFigure? here, string paper) =>
        Number(figure, here?.Within(0, double.MaxValue), paper);

    static PaperHeadline Share(string figure, SplitFigure here, string paper) =>
        new(figure, here.Within(0, 1), true, paper);

    string Format(double value) => IsShare ? NumberText.Percent(value)
        : Math.Abs(value) < 10 ? NumberText.Fixed(value, 4)
        : NumberText.Count(Math.Round(value));
}
