using ServeFlow.Training.Evaluation;

namespace ServeFlow.Training.Repeats;

/// <summary>Holds what several divisions of the same captures showed.</summary>
/// <param name="HoldOut">The share of the captures that each held back.</param>
/// <param name="MaxLoss">The weighted F1 that may be lost, as asked of training.</param>
public sealed record RepeatedSplits(double HoldOut, double MaxLoss, IReadOnlyList<SplitRun> Runs)
{
    /// <summary>Gets the number of splits that lost no more than was asked.</summary>
    public int Within => Runs.Count(run => run.Evaluated.Comparison.Loss <= MaxLoss);

    /// <summary>Gets the headline of each split, and its mean, deviation and interval over the splits. No interval
    /// leaves what is possible: a share lies from 0 to 1, and a time is not below 0.</summary>
    public IReadOnlyList<SplitFigure> Figures =>
    [
        Share("weighted_f1", r => r.Cascade.WeightedF1),
        Share("slow_weighted_f1", r => r.SlowOnly.WeightedF1),
        Figure("loss", r => r.Comparison.Loss),
        Share("lost_share", r => r.LostShare),
        Share("first_packet_share", r => r.Comparison.FirstPacketShare),
        Share("under_1ms", r => r.Cascade.Under1Ms),
        Share("under_16ms", r => r.Cascade.Under16Ms),
        Positive("mean_ms", r => r.Cascade.MeanMs),
        Positive("slow_mean_ms", r => r.SlowOnly.MeanMs),
        Positive("speedup_mean", r => r.Comparison.SpeedupMean),
        Positive("median_ms", r => r.Cascade.MedianMs),
        Positive("slow_median_ms", r => r.SlowOnly.MedianMs),
        Positive("p90_ms", r => r.Cascade.P90Ms),
        Positive("p99_ms", r => r.Cascade.P99Ms),
        Share("errors_caught", r => r.ErrorsCaught),
        Share("random_weighted_f1", r => r.Random.WeightedF1),
        Share("oracle_weighted_f1", r => r.Oracle.WeightedF1),
    ];

    /// <summary>Computes a figure of each split, and what they say together.</summary>
    public SplitFigure Figure(string name, Func<EvaluationResult, double> figure) =>
        SplitFigure.From(name, [.. Runs.Select(run => figure(run.Evaluated))], HoldOut);

    SplitFigure Share(string name, Func<EvaluationResult, double> figure) => Figure(name, figure).Within(0, 1);

    SplitFigure Positive(string name, Func<EvaluationResult, double> figure) =>
        Figure(name, figure).Within(0, double.MaxValue);
}
