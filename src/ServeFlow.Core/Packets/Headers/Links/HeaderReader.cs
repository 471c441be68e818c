namespace ServeFlow.Packets.Headers.Links;

/// <summary>
/// Reads the header at an offset. Every row of the table of openers is one. A reader never throws, whatever the bytes
/// and the offset are, and looks at a number of bytes that a constant or the header's own length bounds.
/// </summary>
/// <param name="bytes">The captured packet, or the part of it that may belong to the header.</param>
/// <param name="offset">Index of the header's first byte; 0 or more, perhaps behind the end.</param>
/// <param name="carrier">What lies behind the header, where it was read.</param>
/// <param name="why">The reason where it was not.</param>
/// <returns>Whether the header was read and may lead to IP.</returns>
delegate bool HeaderReader(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why);
