namespace ServeFlow.Flows;

/// <summary>
/// ICMP messages that come in pairs of request and reply, as Zeek and the Community ID specification pair them
/// (types: IANA "ICMP Parameters" and "ICMPv6 Parameters"). Both messages of a pair belong to one flow, whose ports
/// are the request's and the reply's type. Every other message stands alone: ports are its type and code, and each
/// direction is a flow of its own.
/// </summary>
public static class IcmpTypes
{
    public static bool IsIcmp(byte protocol) => protocol is IpProtocol.Icmp or IpProtocol.IcmpV6;

    /// <summary>
    /// Returns the type that answers <paramref name="type"/>, or that it answers; −1 where it stands alone.
    /// </summary>
    public static int Counterpart(byte protocol, ushort type) =>
        protocol == IpProtocol.Icmp ? PairOf(type) : PairOfV6(type);

    static int PairOf(ushort type) => type switch
    {
        8 => 0,
        0 => 8, // echo
        13 => 14,
        14 => 13, // timestamp
        15 => 16,
        16 => 15, // information
        17 => 18,
        18 => 17, // address mask
        10 => 9,
        9 => 10, // router solicitation, advertisement
        _ => -1,
    };

    static int PairOfV6(ushort type) => type switch
    {
        128 => 129,
        129 => 128, // echo
        133 => 134,
        134 => 133, // router solicitation, advertisement
        135 => 136,
        136 => 135, // neighbour solicitation, advertisement
        130 => 131,
        131 => 130, // multicast listener query, report
        139 => 140,
        140 => 139, // node information (who are you)
        144 => 145,
        145 => 144, // home agent address discovery
        _ => -1,
    };
}
