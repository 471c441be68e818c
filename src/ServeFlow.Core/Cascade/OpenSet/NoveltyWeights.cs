namespace ServeFlow.Cascade.OpenSet;

/// <summary>
/// Weighs signals into a flow's novelty by a logistic regression, learned on classes left out of training, in which
/// known and unknown flows count the same.
/// </summary>
public sealed record NoveltyWeights(double Bias, double Rarity, double Foreignness, double Uncertainty)
{
    /// <summary>Above 0 and below 1: how likely the flow is of no known class, were known and unknown ones as many.
    /// </summary>
    public float ComputeNovelty(NoveltySignals signals)
    {
        var sum = Bias + (Rarity * signals.Rarity) + (Foreignness * signals.Foreignness)
            + (Uncertainty * signals.Uncertainty);
        return (float)Math.Clamp(1 / (1 + Math.Exp(-sum)), MinNovelty, MaxNovelty);
    }

    /// <summary>Keep novelty off 0 and 1 when it is rounded: a threshold of 1 is never exceeded.</summary>
    const double MinNovelty = 1e-6, MaxNovelty = 1 - 1e-6;
}
