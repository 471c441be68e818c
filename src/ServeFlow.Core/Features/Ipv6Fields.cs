namespace ServeFlow.Features;

/// <summary>IPv6 header (RFC 8200), without extension headers: nPrint's column names beside their bits.</summary>
static class Ipv6Fields
{
    public static readonly HeaderLayout Layout = new(HeaderKind.Ipv6, "ip6", HeaderRecord.Ipv6Offset, 40,
    [
        new("ipv6_ver", 0, 4),
        new("ipv6_tc", 4, 8),
        new("ipv6_fl", 12, 20),
        new("ipv6_len", 32, 16),
        new("ipv6_nh", 48, 8),
        new("ipv6_hl", 56, 8),
        new("ipv6_src", 64, 128),
        new("ipv6_dst", 192, 128),
    ]);
}
