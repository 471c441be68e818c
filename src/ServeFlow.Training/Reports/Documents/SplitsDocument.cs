using System.Text.Json.Serialization;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Repeats;

namespace ServeFlow.Training.Reports.Documents;

/// <summary>Represents the JSON of a training that was repeated with other captures held back.</summary>
/// <param name="Within">Splits that lost no more than was asked.</param>
public sealed record SplitsDocument(int Count, double HoldOut, double MaxLoss, int Within,
    OrderedDictionary<string, SplitFigureDocument> Figures, IReadOnlyList<SplitRunDocument> Runs)
{
    public static SplitsDocument From(RepeatedSplits splits) => new(splits.Runs.Count, splits.HoldOut, splits.MaxLoss,
        splits.Within, new(splits.Figures.Select(figure => KeyValuePair.Create(figure.Name,
            new SplitFigureDocument(figure.Mean, figure.Deviation, figure.Interval, figure.Min, figure.Max)))),
        [.. splits.Runs.Select(SplitRunDocument.From)]);
}

/// <summary>Holds a figure over the splits.</summary>
public sealed record SplitFigureDocument(double Mean, double Deviation, Interval? Interval, double Min, double Max);

/// <summary>Holds the headline of one split.</summary>
public sealed record SplitRunDocument(int Seed, IReadOnlyList<string> Tiers, int Captures, int Flows,
    double WeightedF1, double SlowWeightedF1, double Loss, Interval LossInterval, double LostShare,
    double FirstPacketShare, [property: JsonPropertyName("under_1ms")] double Under1Ms,
    [property: JsonPropertyName("under_16ms")] double Under16Ms, double MeanMs, double MedianMs, double SpeedupMean,
    double? SpeedupMedian, double ErrorsCaught)
{
    internal static SplitRunDocument From(SplitRun run)
    {
        var result = run.Evaluated;
        return new(run.Seed, [.. result.Tiers.Select(tier => $"{tier.Model}@{tier.Packets}")], result.Data.Captures,
            result.Data.Flows, result.Cascade.WeightedF1, result.SlowOnly.WeightedF1, result.Comparison.Loss,
            result.Comparison.LossInterval, result.LostShare, result.Comparison.FirstPacketShare,
            result.Cascade.Under1Ms, result.Cascade.Under16Ms, result.Cascade.MeanMs, result.Cascade.MedianMs,
            result.Comparison.SpeedupMean, result.Comparison.SpeedupMedian, result.ErrorsCaught);
    }
}
