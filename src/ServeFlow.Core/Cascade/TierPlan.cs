namespace ServeFlow.Cascade;

/// <summary>One tier: a model, the number of packets it waits for, and when its answer is sure enough.</summary>
public sealed class TierPlan
{
    public required string Name { get; init; }

    /// <summary>What kind of model it is: <c>dt</c>, <c>rf</c>, <c>lgbm</c>, or an imported model's name.</summary>
    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    public required int PacketDepth { get; init; }

    public required ITierModel Compiled { get; init; }

    public required TierRule Rule { get; init; }

    /// <summary>
    /// By predicted class: how long an unsure flow waits for the packets of the next tier at the most, from the packet
    /// that it was scored on; the plan's wait limit holds too. Null where that limit alone holds.
    /// </summary>
    public IReadOnlyList<TimeSpan>? Patience { get; init; }

    /// <summary>When a flow that this tier would answer is of no class it knows; null where it does not ask.</summary>
    public NoveltyRule? Novelty { get; init; }

    public UncertaintyMeasure Measure => Rule.Measure;

    /// <inheritdoc cref="TierRule.Decide"/>
    public TierDecision Decide(Span<float> probabilities) => Rule.Decide(probabilities);

    /// <summary>A new scorer for one worker.</summary>
    public IBatchScorer CreateScorer() => Compiled.CreateScorer();
}
