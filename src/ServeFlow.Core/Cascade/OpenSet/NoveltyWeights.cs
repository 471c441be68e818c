using System.Text.Json.Serialization;

namespace ServeFlow.Cascade.OpenSet;

/// <summary>
/// Weighs signals into a flow's novelty by a logistic regression, learned on classes left out of training, in which
/// known and unknown flows count the same.
/// </summary>
public sealed record NoveltyWeights(double Bias, double Rarity, double Foreignness, double Uncertainty)
{
    /// <summary>Keep novelty off 0 and 1 when it is rounded: a threshold of 1 is never exceeded.</summary>
    const double MinNovelty = 1e-6, MaxNovelty = 1 - 1e-6;

    /// <summary>Gets the weight of <see cref="NoveltySignals.Spread"/>; 0 in older bundles, as of the next two.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Spread { get; init; }

    /// <summary>Gets the weight of <see cref="NoveltySignals.Improbability"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Improbability { get; init; }

    /// <summary>Gets the weight of <see cref="NoveltySignals.Strangeness"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Strangeness { get; init; }

    /// <summary>Above 0 and below 1: how likely the flow is of no known class, were known and unknown ones as many.
    /// </summary>
    public float ComputeNovelty(NoveltySignals signals)
    {
        var sum = Bias + (Rarity * signals.Rarity) + (Foreignness * signals.Foreignness)
            + (Uncertainty * signals.Uncertainty) + (Spread * signals.Spread)
            + (Improbability * signals.Improbability) + (Strangeness * signals.Strangeness);
        return (float)Math.Clamp(1 / (1 + Math.Exp(-sum)), MinNovelty, MaxNovelty);
    }
}
