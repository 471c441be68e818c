namespace ServeFlow.Cascade.OpenSet;

/// <summary>What speaks for a flow being of no known class, each from 0 to 1.</summary>
/// <param name="Rarity">How few training flows began like it.</param>
/// <param name="Foreignness">How few of those were of the class that is predicted.</param>
/// <param name="Uncertainty">Of the tier: 1 less its top probability, whatever it escalates by.</param>
public readonly record struct NoveltySignals(float Rarity, float Foreignness, float Uncertainty);
