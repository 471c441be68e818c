using ServeFlow.Training.Evaluation;

namespace ServeFlow.Training.Repeats;

/// <summary>Holds what several divisions of the same captures showed.</summary>
/// <param name="HoldOut">The share of the captures that each held back.</param>
/// <param name="MaxLoss">The weighted F1 that may be lost, as asked of training.</param>
public sealed record RepeatedSplits(double HoldOut, double MaxLoss, IReadOnlyList<SplitRun> Runs)
{
    /// <summary>Gets the number of splits that lost no more than was asked.</summary>
    public int Within => Runs.Count(run => run.Evaluated.Comparison.Loss <= MaxLoss);

    /// <summary>Gets the headline of each split, and its mean, deviation and interval over the splits.</summary>
    public IReadOnlyList<SplitFigure> Figures =>
    [
        Figure("weighted_f1", r => r.Cascade.WeightedF1),
        Figure("slow_weighted_f1", r => r.SlowOnly.WeightedF1),
        Figure("loss", r => r.Comparison.Loss),
        Figure("lost_share", r => r.LostShare),
        Figure("first_packet_share", r => r.Comparison.FirstPacketShare),
        Figure("under_1ms", r => r.Cascade.Under1Ms),
        Figure("under_16ms", r => r.Cascade.Under16Ms),
        Figure("mean_ms", r => r.Cascade.MeanMs),
        Figure("slow_mean_ms", r => r.SlowOnly.MeanMs),
        Figure("speedup_mean", r => r.Comparison.SpeedupMean),
        Figure("median_ms", r => r.Cascade.MedianMs),
        Figure("slow_median_ms", r => r.SlowOnly.MedianMs),
        Figure("p90_ms", r => r.Cascade.P90Ms),
        Figure("p99_ms", r => r.Cascade.P99Ms),
        Figure("errors_caught", r => r.ErrorsCaught),
        Figure("random_weighted_f1", r => r.Random.WeightedF1),
        Figure("oracle_weighted_f1", r => r.Oracle.WeightedF1),
    ];

    /// <summary>Computes a figure of each split, and what they say together.</summary>
    public SplitFigure Figure(string name, Func<EvaluationResult, double> figure) =>
        SplitFigure.From(name, [.. Runs.Select(run => figure(run.Evaluated))], HoldOut);
}
