namespace ServeFlow.Cascade.OpenSet;

/// <summary>Holds the signals that a flow belongs to no known class, each from 0 to 1.</summary>
/// <param name="Rarity">How few training flows began like it.</param>
/// <param name="Foreignness">How few of those were of the class that is predicted.</param>
/// <param name="Uncertainty">The tier's uncertainty: 1 minus its top probability, whichever measure it escalates
/// by.</param>
public readonly record struct NoveltySignals(float Rarity, float Foreignness, float Uncertainty);
