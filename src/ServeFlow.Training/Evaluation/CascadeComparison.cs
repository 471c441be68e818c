using ServeFlow.Training.Calibration;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// Compares the cascade with its slow tier on every flow: the headline of an evaluation. Both are computed on the same
/// draws of captures, so that intervals of differences and ratios are paired.
/// </summary>
public sealed record CascadeComparison
{
    /// <summary>Gets the weighted F1 that the cascade loses against the slow tier; below 0 where it gains.</summary>
    public required double Loss { get; init; }

    public required Interval LossInterval { get; init; }

    /// <summary>Gets the mean time of the slow tier, over the cascade's.</summary>
    public required double SpeedupMean { get; init; }

    public required Interval SpeedupMeanInterval { get; init; }

    /// <summary>
    /// Gets the median time of the slow tier, over the cascade's; null where half of the flows lies within the interval
    /// of the share that is answered on packet 1. There the median jumps between computing and waiting, and the ratio
    /// says nothing but that.
    /// </summary>
    public double? SpeedupMedian { get; init; }

    public Interval? SpeedupMedianInterval { get; init; }

    /// <summary>Gets the share of the flows that is answered by tiers that wait for one packet.</summary>
    public required double FirstPacketShare { get; init; }

    public required Interval FirstPacketInterval { get; init; }

    /// <summary>Gets the interval of the share of the first tier's wrong answers that was escalated; null where it has
    /// none.</summary>
    public Interval? ErrorsCaughtInterval { get; init; }

    /// <summary>Gets the interval of the share of the flows that was lost by answering early.</summary>
    public required Interval LostInterval { get; init; }

    /// <summary>Gets the number of captures that were drawn from, or of groups where the labels name any.</summary>
    public required int Captures { get; init; }

    /// <inheritdoc cref="Datasets.DataSet.GroupWord"/>
    public string GroupWord { get; init; } = "capture";

    /// <summary>Gets the number of draws behind each interval.</summary>
    public required int Draws { get; init; }

    /// <summary>Compares two systems; what concerns the tiers is left to the caller.</summary>
    /// <param name="firstPacket">The share answered on packet 1, on each draw.</param>
    internal static CascadeComparison Compare(MeasuredSystem cascade, MeasuredSystem slow, double firstPacketShare,
        double[] firstPacket, double[] lost, double[] caught, CaptureDraws draws)
    {
        var cliff = Interval.From(firstPacket)!.Value;
        var isTold = !cliff.Contains(0.5);
        return new()
        {
            Loss = slow.Score.WeightedF1 - cascade.Score.WeightedF1,
            LossInterval = Pair(slow.Draws.WeightedF1, cascade.Draws.WeightedF1, (s, c) => s - c),
            SpeedupMean = Ratio(slow.Score.MeanMs, cascade.Score.MeanMs),
            SpeedupMeanInterval = Pair(slow.Draws.MeanMs, cascade.Draws.MeanMs, Ratio),
            SpeedupMedian = isTold ? Ratio(slow.Score.MedianMs, cascade.Score.MedianMs) : null,
            SpeedupMedianInterval = isTold ? Pair(slow.Draws.MedianMs, cascade.Draws.MedianMs, Ratio) : null,
            FirstPacketShare = firstPacketShare,
            FirstPacketInterval = cliff,
            ErrorsCaughtInterval = Interval.From(caught),
            LostInterval = Interval.From(lost)!.Value,
            Captures = draws.Captures,
            GroupWord = draws.GroupWord,
            Draws = draws.Draws,
        };
    }

    static double Ratio(double slow, double cascade) => cascade == 0 ? 1 : slow / cascade;

    static Interval Pair(double[] slow, double[] cascade, Func<double, double, double> compare) =>
        Interval.From(slow.Zip(cascade, compare))!.Value;
}

/// <summary>Represents a system's score and its figures on every draw of captures.</summary>
sealed record MeasuredSystem(SystemScore Score, SystemDraws Draws)
{
    public static MeasuredSystem From(SystemScore score, SystemDraws draws) =>
        new(score with { Interval = draws.ToIntervals() }, draws);
}
