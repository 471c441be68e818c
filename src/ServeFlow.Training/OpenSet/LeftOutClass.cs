using ServeFlow.Cascade.OpenSet;

namespace ServeFlow.Training.OpenSet;

/// <summary>
/// Holds what a cascade that never saw a class makes of its flows, and of known ones that it was not trained on.
/// </summary>
/// <param name="Label">The class.</param>
/// <param name="Known">Flows of other classes.</param>
/// <param name="Unknown">Flows of the class.</param>
sealed record LeftOutClass(int Label, MeasuredFlows Known, MeasuredFlows Unknown);

/// <summary>Flows as all tiers measured them.</summary>
/// <param name="Tier">The tier that answers each flow.</param>
/// <param name="Signals">The signals by tier and flow.</param>
sealed record MeasuredFlows(int[] Tier, IReadOnlyList<NoveltySignals[]> Signals)
{
    public int Count => Tier.Length;

    /// <summary>The novelty of each flow at the tier that answers it.</summary>
    public float[] Novelties(IReadOnlyList<NoveltyWeights> weights) =>
        [.. Tier.Select((tier, flow) => weights[tier].ComputeNovelty(Signals[tier][flow]))];

    /// <summary>The novelty of each flow, were one tier to answer them all.</summary>
    public float[] Novelties(IReadOnlyList<NoveltyWeights> weights, int tier) =>
        [.. Signals[tier].Select(weights[tier].ComputeNovelty)];

    /// <summary>Gets the flows at some positions.</summary>
    public MeasuredFlows Subset(int[] positions) => new([.. positions.Select(position => Tier[position])],
        [.. Signals.Select(tier => positions.Select(position => tier[position]).ToArray())]);
}
