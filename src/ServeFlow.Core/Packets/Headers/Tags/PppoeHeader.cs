using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>PPPoE session stage (RFC 2516): six bytes, then PPP.</summary>
static class PppoeHeader
{
    const int Length = 6;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        return bytes.Length - offset >= Length && PppHeader.TryRead(bytes, offset + Length, out carrier, out why);
    }
}
