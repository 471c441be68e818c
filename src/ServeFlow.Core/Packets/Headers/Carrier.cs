namespace ServeFlow.Packets.Headers;

/// <summary>What a header says about the bytes behind it: where they begin and what they are.</summary>
readonly record struct Carrier(int Offset, EtherType EtherType);
