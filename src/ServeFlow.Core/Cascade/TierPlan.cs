using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Cascade.Scoring;

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
    public IReadOnlyList<TimeSpan>? EscalationTimeouts { get; init; }

    /// <summary>When a flow that this tier would answer is of no class it knows; null where it does not ask.</summary>
    public NoveltyRule? Novelty { get; init; }

    /// <summary>Scores the same packets where the rule's measure is the expected gain; null elsewhere.</summary>
    public ITierModel? Gain { get; init; }

    public UncertaintyMeasure Measure => Rule.Measure;

    /// <inheritdoc cref="TierRule.Decide"/>
    public TierDecision Decide(Span<float> probabilities, float expectedGain = 0) =>
        Rule.Decide(probabilities, expectedGain);

    /// <summary>A new scorer of both models, that decides too, for one worker.</summary>
    public TierScorer CreateTierScorer() => new(Rule, CreateScorer(), Gain?.CreateScorer());

    /// <summary>A new scorer of the tier's own model for one worker.</summary>
    public IBatchScorer CreateScorer() => Compiled.CreateScorer();
}
