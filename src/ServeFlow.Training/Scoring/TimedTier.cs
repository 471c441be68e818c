using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Training.Scoring;

/// <summary>Represents a tier whose computing is measured.</summary>
/// <param name="Depth">Packets that it waits for.</param>
/// <param name="Rule">What it decides by.</param>
/// <param name="Create">A new scorer for one thread.</param>
public sealed record TimedTier(int Depth, TierRule Rule, Func<IBatchScorer> Create)
{
    /// <summary>Gets a new scorer of the tier's gain model; null where it has none.</summary>
    public Func<IBatchScorer>? CreateGain { get; init; }

    public TierScorer CreateTierScorer() => new(Rule, Create(), CreateGain?.Invoke());

    /// <summary>
    /// A model that answers every flow. The temperature is any but 1, at which probabilities are left alone: what is
    /// served has a fitted one.
    /// </summary>
    public static TimedTier SingleTier(int depth, ITierModel model) =>
        new(depth, TierRule.ForLastTier(2, UncertaintyMeasure.Margin, model.Classes), model.CreateScorer);
}
