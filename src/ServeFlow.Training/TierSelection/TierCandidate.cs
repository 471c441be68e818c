using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.TierSelection;

/// <summary>Represents a model that could become a tier, measured on flows that it was not trained on.</summary>
public sealed record TierCandidate
{
    public required ModelSpec Spec { get; init; }

    public required Predictions Predictions { get; init; }

    public required ModelCost Cost { get; init; }

    /// <inheritdoc cref="ModelCost.NsPerFlow"/>
    public double NsPerFlow => Cost.NsPerFlow;

    /// <summary>Gets when each flow has the packets, in nanoseconds after its first.</summary>
    public required IReadOnlyList<long> ReadyNs { get; init; }

    /// <summary>Scores flows on a given number of packets each, with the models that the predictions are of; null where
    /// they are not at hand.</summary>
    internal Func<FlowSample, int[], Predictions>? ScorePackets { get; init; }

    /// <summary>Gets how many boosting rounds, or trees, models on all training flows are to have: as many as stood the
    /// test on the folds. 0 of a model made elsewhere.</summary>
    public int Rounds { get; init; }

    public required double WeightedF1 { get; init; }

    public required double MacroF1 { get; init; }

    /// <summary>Half of the flows have the packets within this many milliseconds.</summary>
    public double CollectMsMedian => field > 0 ? field : field = Quantiles.Median(ReadyNs) / 1e6;

    /// <summary>Half of the flows are answered within this many nanoseconds where this model answers all, computing as
    /// estimated.</summary>
    public double LatencyNsMedian => (CollectMsMedian * 1e6) + NsPerFlow;

    /// <summary>Gets the candidate as it is on some of the flows that it was measured on.</summary>
    internal TierCandidate Subset(int[] positions) => this with
    {
        Predictions = Predictions.Subset(positions),
        ReadyNs = [.. positions.Select(position => ReadyNs[position])],
    };
}
