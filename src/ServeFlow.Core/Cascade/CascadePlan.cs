using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Flows;

namespace ServeFlow.Cascade;

/// <summary>Holds what a bundle compiles to: the tiers in order and what they need. Immutable; swapped whole.</summary>
public sealed record CascadePlan
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>
    /// Gets the name of the task that the plan answers, where a process has several; empty where it has one.
    /// </summary>
    public string Task { get; init; } = "";

    public required FeatureSchema Schema { get; init; }

    /// <summary>Gets the schema's feature set, as records name it.</summary>
    public string FeatureSet => Schema.Set;

    /// <summary>Class names; a class's number is its place.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Gets the tiers in order; packet depths never fall.</summary>
    public required IReadOnlyList<TierPlan> Tiers { get; init; }

    /// <summary>Gets the length of a window, each classified anew; null where each flow is classified once.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>
    /// Gets the protocols of the flows trained on: flows of others are answered
    /// <see cref="Classification.UnknownLabel"/> and no tier is asked. Null asks the tiers about any flow.
    /// </summary>
    public TrainedProtocols? Protocols { get; init; }

    /// <summary>Gets what the traffic of training looked like; null where the bundle does not say.</summary>
    public DriftPlan? Drift { get; init; }

    /// <summary>Gets whether the tiers check that a flow is of a class that they know.</summary>
    public bool ChecksNovelty => Tiers.Any(tier => tier.Novelty is not null);

    /// <summary>Gets whether a flow may be answered <see cref="Classification.UnknownLabel"/>.</summary>
    public bool AnswersUnknown => Protocols is not null || ChecksNovelty;

    /// <summary>Gets the rules by which flows ended in training; serving follows them by default.</summary>
    public FlowOptions Flows { get; init; } = new();

    /// <summary>
    /// Gets how long after its first packet a flow may stay undecided. Then, as at its end, the remaining tiers score
    /// the packets that have arrived and see the others as absent: they were trained on short flows too.
    /// </summary>
    public required TimeSpan WaitLimit { get; init; }

    /// <summary>Determines whether a tier has the model of another plan's tier of that number, so that it gives the
    /// same scores for the same packets, whatever the two decide by them. Models that were made elsewhere, and tiers
    /// that decide by expected gain, are not looked into.</summary>
    internal bool HasModelOf(CascadePlan other, int tier)
    {
        if (tier >= Tiers.Count || tier >= other.Tiers.Count || Schema.Hash != other.Schema.Hash)
        {
            return false;
        }

        var (one, two) = (Tiers[tier], other.Tiers[tier]);
        return one.ModelSha256.Length > 0 && one.ModelSha256 == two.ModelSha256 && one.PacketDepth == two.PacketDepth
            && one is { Compiled: CompiledModel, Gain: null } && two is { Compiled: CompiledModel, Gain: null };
    }

    /// <summary>Returns the plan with another model for its last tier, of the same classes.</summary>
    public CascadePlan WithLastModel(ITierModel model) =>
        this with { Tiers = [.. Tiers.SkipLast(1), Tiers[^1] with { Compiled = model }] };
}
