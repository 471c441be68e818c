using ServeFlow.Cascade.OpenSet;

namespace ServeFlow.Training.OpenSet;

/// <summary>
/// Holds what a cascade that never saw a class makes of its flows, and of known ones that it was not trained on.
/// </summary>
/// <param name="Label">The class.</param>
/// <param name="Known">Flows of other classes.</param>
/// <param name="Unknown">Flows of the class.</param>
sealed record LeftOutClass(int Label, MeasuredFlows Known, MeasuredFlows Unknown);

/// <summary>Holds what one tier makes of flows.</summary>
/// <param name="Signals">The signals by flow.</param>
/// <param name="Predicted">The class that it would answer, by flow.</param>
sealed record TierSignals(NoveltySignals[] Signals, int[] Predicted)
{
    public TierSignals Subset(int[] positions) => new([.. positions.Select(position => Signals[position])],
        [.. positions.Select(position => Predicted[position])]);
}

/// <summary>Flows as all tiers measured them.</summary>
/// <param name="Tier">The tier that answers each flow.</param>
/// <param name="Tiers">What each tier makes of them.</param>
sealed record MeasuredFlows(int[] Tier, IReadOnlyList<TierSignals> Tiers)
{
    public int Count => Tier.Length;

    /// <summary>Gets the class that each flow would be answered.</summary>
    public int[] Predicted => [.. Tier.Select((tier, flow) => Tiers[tier].Predicted[flow])];

    /// <summary>Returns the novelty of each flow at the tier that answers it.</summary>
    public float[] Novelties(IReadOnlyList<NoveltyWeights> weights) =>
        [.. Tier.Select((tier, flow) => weights[tier].ComputeNovelty(Tiers[tier].Signals[flow]))];

    /// <summary>The novelty of each flow, were one tier to answer them all.</summary>
    public float[] Novelties(IReadOnlyList<NoveltyWeights> weights, int tier) =>
        [.. Tiers[tier].Signals.Select(weights[tier].ComputeNovelty)];

    /// <summary>Gets the flows at some positions.</summary>
    public MeasuredFlows Subset(int[] positions) => new([.. positions.Select(position => Tier[position])],
        [.. Tiers.Select(tier => tier.Subset(positions))]);
}
