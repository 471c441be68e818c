using ServeFlow.Cascade.Decisions;
using ServeFlow.Features;

namespace ServeFlow.Cascade.OpenSet;

/// <summary>
/// Decides when a flow that a tier would answer belongs to no class of the bundle. Serving, calibration and evaluation
/// all use it.
/// </summary>
/// <param name="openings">The openings of the flows that the tier was trained on.</param>
/// <param name="weights">How the signals add up.</param>
/// <param name="threshold">Above 0, at most 1; flows with more novelty are unknown.</param>
public sealed class NoveltyRule(OpeningTable openings, NoveltyWeights weights, float threshold)
{
    /// <summary>Gets the threshold that the novelty is compared with; nothing exceeds 1.</summary>
    public float Threshold => threshold;

    /// <inheritdoc cref="NoveltyWeights.ComputeNovelty"/>
    /// <inheritdoc cref="OpeningTable.ComputeSignals"/>
    public float ComputeNovelty(in TierDecision decision, ReadOnlySpan<HeaderRecord> packets) =>
        weights.ComputeNovelty(openings.ComputeSignals(decision, packets));

    public bool IsUnknown(float novelty) => novelty > threshold;
}
