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

    public UncertaintyMeasure Measure => Rule.Measure;

    /// <inheritdoc cref="TierRule.Decide"/>
    public TierDecision Decide(Span<float> probabilities) => Rule.Decide(probabilities);

    /// <summary>A new scorer for one worker.</summary>
    public IBatchScorer CreateScorer() => Compiled.CreateScorer();
}
