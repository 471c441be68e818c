namespace ServeFlow.Features;

/// <summary>The protocols whose headers are features. Numbers: IANA, "Assigned Internet Protocol Numbers".</summary>
static class IpProtocol
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Icmp6 = 58;
}
