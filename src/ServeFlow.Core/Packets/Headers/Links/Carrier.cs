namespace ServeFlow.Packets.Headers.Links;

/// <summary>Holds what a header says about the bytes behind it: their offset and their type.</summary>
readonly record struct Carrier(int Offset, EtherType EtherType);
