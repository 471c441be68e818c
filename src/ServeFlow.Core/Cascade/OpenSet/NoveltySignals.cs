namespace ServeFlow.Cascade.OpenSet;

/// <summary>Holds the signals that a flow belongs to no known class, each from 0 to 1.</summary>
/// <param name="Rarity">How few training flows began like it.</param>
/// <param name="Foreignness">How few of those were of the class that is predicted.</param>
/// <param name="Uncertainty">The tier's uncertainty: 1 minus its top probability, whichever measure it escalates
/// by.</param>
public readonly record struct NoveltySignals(float Rarity, float Foreignness, float Uncertainty)
{
    /// <summary>Gets how evenly the tier's probability is spread over its best three classes and all others.</summary>
    public float Spread { get; init; }

    /// <summary>Gets how few of the predicted class's flows began like it, logarithmically.</summary>
    public float Improbability { get; init; }

    /// <summary>Gets the root of the share of its packets' words that no flow of the predicted class had.</summary>
    public float Strangeness { get; init; }
}
