using ServeFlow.Cascade;

namespace ServeFlow.Training.Evaluation;

/// <summary>A tier whose computing is measured.</summary>
/// <param name="Depth">Packets that it waits for.</param>
/// <param name="Rule">What it decides by.</param>
/// <param name="Create">A new scorer for one thread.</param>
public sealed record TimedTier(int Depth, TierRule Rule, Func<IBatchScorer> Create)
{
    /// <summary>
    /// A model that answers every flow. The temperature is any but 1, at which probabilities are left alone: what is
    /// served has a fitted one.
    /// </summary>
    public static TimedTier Alone(int depth, ITierModel model) =>
        new(depth, TierRule.Last(2, UncertaintyMeasure.Margin, model.Classes), model.CreateScorer);
}
