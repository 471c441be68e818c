namespace ServeFlow.Packets.Captures.Reading;

/// <summary>Locates one damaged place of a capture.</summary>
/// <param name="Offset">Byte offset in the capture (after decompression) where it stopped making sense.</param>
/// <param name="Reason">What was wrong there.</param>
/// <param name="ResynchronisedAt">Byte offset of the next record that was read; −1 where none was found.</param>
public readonly record struct Damage(long Offset, DamageReason Reason, long ResynchronisedAt);
