namespace ServeFlow.Features;

/// <summary>IPv4 header (RFC 791): nPrint's column names beside their bits.</summary>
static class Ipv4Fields
{
    public static readonly HeaderLayout Layout = new(HeaderKind.Ipv4, "ip4", HeaderRecord.Ipv4Offset, 60,
    [
        new("ipv4_ver", 0, 4),
        new("ipv4_hl", 4, 4),
        new("ipv4_tos", 8, 8),
        new("ipv4_tl", 16, 16),
        new("ipv4_id", 32, 16),
        new("ipv4_rbit", 48, 1),
        new("ipv4_dfbit", 49, 1),
        new("ipv4_mfbit", 50, 1),
        new("ipv4_foff", 51, 13),
        new("ipv4_ttl", 64, 8),
        new("ipv4_proto", 72, 8),
        new("ipv4_cksum", 80, 16),
        new("ipv4_src", 96, 32),
        new("ipv4_dst", 128, 32),
        new("ipv4_opt", 160, 320),
    ]);
}
