using ServeFlow.Training.Metrics;
using ServeFlow.Training.Repeats;

namespace ServeFlow.Training.Reports.Summaries;

/// <summary>Describes what several divisions of the same captures showed, as plain text.</summary>
public static class SplitsText
{
    /// <summary>Returns a line for each split, then every figure over the splits.</summary>
    public static string Format(RepeatedSplits splits)
    {
        return $"{Runs(splits)}\n{Figures(splits)}\n{Kept(splits)}\n";
    }

    /// <summary>Says how many splits lost no more than was asked.</summary>
    public static string Kept(RepeatedSplits splits) =>
        $"{splits.Within} of {NumberText.Count(splits.Runs.Count, "split")} lost at most "
            + $"{NumberText.Fixed(splits.MaxLoss, 4)} of weighted F1, as asked; each held back "
            + $"{NumberText.Percent(splits.HoldOut, 0)} of the captures";

    static TextTable Runs(RepeatedSplits splits)
    {
        var table = new TextTable("split", "tiers", "captures", "flows", "weighted F1", "slow", "loss", "95 % interval",
            "on packet 1", "< 1 ms", "< 16 ms", "mean ms", "mean speed-up", "errors caught");
        foreach (var (number, (_, result)) in splits.Runs.Index())
        {
            var tiers = result.Tiers.Select(tier => $"{tier.Model}@{tier.Packets}");
            table.Add($"{number + 1}", string.Join(',', tiers), $"{result.Data.Captures}", $"{result.Data.Flows}",
                NumberText.Fixed(result.Cascade.WeightedF1, 4), NumberText.Fixed(result.SlowOnly.WeightedF1, 4),
                NumberText.Fixed(result.Comparison.Loss, 4), NumberText.Fixed(result.Comparison.LossInterval, 4),
                NumberText.Percent(result.Comparison.FirstPacketShare), NumberText.Percent(result.Cascade.Under1Ms),
                NumberText.Percent(result.Cascade.Under16Ms), NumberText.Fixed(result.Cascade.MeanMs, 2),
                NumberText.Fixed(result.Comparison.SpeedupMean, 2), NumberText.Percent(result.ErrorsCaught));
        }

        return table;
    }

    static TextTable Figures(RepeatedSplits splits)
    {
        var table = new TextTable("over the splits", "mean", "deviation", "95 % interval of the mean", "least", "most");
        foreach (var figure in splits.Figures)
        {
            table.Add(figure.Name, Four(figure.Mean), Four(figure.Deviation), NumberText.Fixed(figure.Interval, 4),
                Four(figure.Min), Four(figure.Max));
        }

        return table;
    }

    static string Four(double value) => NumberText.Fixed(value, 4);
}
