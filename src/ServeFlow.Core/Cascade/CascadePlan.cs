using ServeFlow.Features;
using ServeFlow.Models;

namespace ServeFlow.Cascade;

/// <summary>What a bundle compiles to: the tiers in order and what they need. Immutable, swapped whole.</summary>
public sealed class CascadePlan
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    public required FeatureSchema Schema { get; init; }

    /// <summary>Class names; a class's number is its place.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>In order; packet depths never fall.</summary>
    public required IReadOnlyList<TierPlan> Tiers { get; init; }

    /// <summary>How long after its first packet a flow may stay undecided; then the best prediction so far stands.</summary>
    public required TimeSpan WaitLimit { get; init; }
}

/// <summary>One tier: a model, the number of packets it waits for, and when its answer is sure enough.</summary>
public sealed class TierPlan
{
    public required string Name { get; init; }

    /// <summary>What kind of model it is: <c>dt</c>, <c>rf</c>, <c>lgbm</c>.</summary>
    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    public required int PacketDepth { get; init; }

    public required Forest Forest { get; init; }

    /// <summary>Probabilities are raised to 1/temperature and normalised before uncertainty is measured.</summary>
    public required double Temperature { get; init; }

    public required UncertaintyMeasure Measure { get; init; }

    /// <summary>
    /// Per predicted class (all equal where universal): a flow whose uncertainty is above it is escalated.
    /// The last tier never escalates.
    /// </summary>
    public required IReadOnlyList<double> Thresholds { get; init; }

    /// <summary>A new scorer for one worker.</summary>
    public IScorer CreateScorer() => throw new NotSupportedException();
}
