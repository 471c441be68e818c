namespace ServeFlow.Features;

/// <summary>UDP header (RFC 768): nPrint's column names beside their bits.</summary>
static class UdpFields
{
    public static readonly HeaderLayout Layout = new(HeaderKind.Udp, "udp", HeaderRecord.UdpOffset, 8,
    [
        new("udp_sport", 0, 16),
        new("udp_dport", 16, 16),
        new("udp_len", 32, 16),
        new("udp_cksum", 48, 16),
    ]);
}
