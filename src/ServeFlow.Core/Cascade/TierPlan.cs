using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features.Rows;

namespace ServeFlow.Cascade;

/// <summary>
/// Holds one tier: a model, the number of packets it waits for, and the rule that tells when its answer is sure enough.
/// </summary>
public sealed record TierPlan
{
    public required string Name { get; init; }

    /// <summary>Gets the kind of model: <c>dt</c>, <c>rf</c>, <c>lgbm</c>, or the name of an imported model.</summary>
    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    public required int PacketDepth { get; init; }

    public required ITierModel Compiled { get; init; }

    /// <summary>Gets how the outputs of a model made elsewhere are read; null for models of <c>train</c>.</summary>
    public BundleImport? Import { get; init; }

    public required TierRule Rule { get; init; }

    /// <summary>
    /// Gets, by predicted class, how long an unsure flow waits for the packets of the next tier, counted from the
    /// packet it was scored on; the plan's wait limit holds too. Null where that limit alone holds.
    /// </summary>
    public IReadOnlyList<TimeSpan>? EscalationTimeouts { get; init; }

    /// <summary>
    /// Gets the rule by which a flow that this tier would answer belongs to no known class; null where the tier does
    /// not check.
    /// </summary>
    public NoveltyRule? Novelty { get; init; }

    /// <summary>Scores the same packets where the rule's measure is the expected gain; null elsewhere.</summary>
    public ITierModel? Gain { get; init; }

    public UncertaintyMeasure Measure => Rule.Measure;

    /// <inheritdoc cref="TierRule.Decide"/>
    public TierDecision Decide(Span<float> probabilities, float expectedGain = 0) =>
        Rule.Decide(probabilities, expectedGain);

    /// <summary>Compiles what was left for later of both models.</summary>
    public void Prepare()
    {
        Compiled.Prepare();
        Gain?.Prepare();
    }

    /// <summary>Returns a new scorer of both models, that decides too, for one worker.</summary>
    public TierScorer CreateTierScorer() => new(Rule, CreateScorer(), Gain?.CreateScorer());

    /// <summary>The same, of rows of answers instead of headers.</summary>
    /// <param name="rows">The rows, which answer what both models ask.</param>
    public TierScorer CreateTierScorer(AnswerRows rows) =>
        new(Rule, Compiled.CreateScorer(rows), Gain?.CreateScorer(rows));

    /// <summary>Returns a new scorer of the tier's own model for one worker.</summary>
    public IBatchScorer CreateScorer() => Compiled.CreateScorer();
}
