using ServeFlow.Cascade.Decisions;
using ServeFlow.Features;

namespace ServeFlow.Cascade.OpenSet;

/// <summary>
/// When a flow that a tier would answer is of no class that the bundle knows. Serving, calibration and evaluation all
/// decide by this.
/// </summary>
/// <param name="openings">Of the flows that the tier was trained on.</param>
/// <param name="weights">How the signals add up.</param>
/// <param name="threshold">Above 0, at most 1; flows with more novelty are unknown.</param>
public sealed class NoveltyRule(OpeningTable openings, NoveltyWeights weights, float threshold)
{
    /// <summary>What the novelty is held against; 1 is never exceeded.</summary>
    public float Threshold => threshold;

    /// <inheritdoc cref="NoveltyWeights.ComputeNovelty"/>
    /// <inheritdoc cref="OpeningTable.ComputeSignals"/>
    public float ComputeNovelty(in TierDecision decision, ReadOnlySpan<HeaderRecord> packets) =>
        weights.ComputeNovelty(openings.ComputeSignals(decision, packets));

    public bool IsUnknown(float novelty) => novelty > threshold;
}
