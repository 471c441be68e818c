namespace ServeFlow.Models.BitSliced;

/// <summary>One question that trees ask: is the column's value above the threshold? True goes right.</summary>
/// <param name="Column">Forest column number.</param>
public readonly record struct Predicate(int Column, double Threshold);
