namespace ServeFlow.Features;

/// <summary>
/// ICMP header (RFC 792; ICMPv6, RFC 4443, has the same shape): nPrint's column names beside their bits.
/// </summary>
static class IcmpFields
{
    public static readonly HeaderLayout Layout = new(HeaderKind.Icmp, "icmp", HeaderRecord.IcmpOffset, 8,
    [
        new("icmp_type", 0, 8),
        new("icmp_code", 8, 8),
        new("icmp_cksum", 16, 16),
        new("icmp_roh", 32, 32),
    ]);
}
