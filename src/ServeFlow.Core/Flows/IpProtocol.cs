namespace ServeFlow.Flows;

/// <summary>Protocol numbers that flow rules tell apart (IANA "Protocol Numbers").</summary>
static class IpProtocol
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte IcmpV6 = 58;
    public const byte Sctp = 132;
}
