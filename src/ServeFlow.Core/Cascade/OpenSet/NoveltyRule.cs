using ServeFlow.Cascade.Decisions;
using ServeFlow.Features;

namespace ServeFlow.Cascade.OpenSet;

/// <summary>
/// Decides when a flow that a tier would answer belongs to no class of the bundle. Serving, calibration and evaluation
/// all use it.
/// </summary>
/// <param name="openings">The openings of the flows that the tier was trained on.</param>
/// <param name="weights">How the signals add up.</param>
/// <param name="thresholds">One for each class, above 0, at most 1; a flow of which that class is predicted is unknown
/// if it has more novelty.</param>
public sealed class NoveltyRule(OpeningTable openings, NoveltyWeights weights, IReadOnlyList<double> thresholds)
{
    readonly float[] thresholds = [.. thresholds.Select(threshold => (float)threshold)];

    /// <summary>Gets the threshold that the novelty of a flow is compared with; nothing exceeds 1.</summary>
    /// <param name="label">The class that is predicted.</param>
    public float Threshold(int label) => thresholds[label];

    /// <inheritdoc cref="NoveltyWeights.ComputeNovelty"/>
    /// <inheritdoc cref="OpeningTable.ComputeSignals"/>
    public float ComputeNovelty(in TierDecision decision, ReadOnlySpan<HeaderRecord> packets) =>
        weights.ComputeNovelty(openings.ComputeSignals(decision, packets));

    /// <param name="label">The class that is predicted.</param>
    public bool IsUnknown(float novelty, int label) => novelty > thresholds[label];
}
