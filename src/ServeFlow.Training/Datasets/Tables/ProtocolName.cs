using System.Globalization;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>IP protocols as tables spell them. Numbers: IANA, "Assigned Internet Protocol Numbers".</summary>
static class ProtocolName
{
    public const string Allowed = "tcp, udp, icmp, icmp6, igmp, sctp, gre, esp, ah, ospf or a number 0-255";

    /// <summary>Reads a name in any case, or a number, also one that a table made a decimal of (<c>6.0</c>).</summary>
    public static bool TryParse(string text, out byte number)
    {
        number = text.ToLowerInvariant() switch
        {
            "icmp" => 1,
            "igmp" => 2,
            "ipv4" or "ipip" or "ip-in-ip" => 4,
            "tcp" => 6,
            "udp" => 17,
            "gre" => 47,
            "esp" => 50,
            "ah" => 51,
            "icmp6" or "icmpv6" or "ipv6-icmp" or "ipv6_icmp" or "icmp-v6" => 58,
            "eigrp" => 88,
            "ospf" or "ospfigp" or "ospfv2" or "ospfv3" => 89,
            "pim" => 103,
            "vrrp" => 112,
            "l2tp" => 115,
            "sctp" => 132,
            "udplite" => 136,
            _ => 255,
        };
        return number != 255 || byte.TryParse(WholeNumberText.DropFraction(text), NumberStyles.None,
            CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Formats a number as a name, or as it is where it has none.</summary>
    public static string Format(byte number) => number switch
    {
        1 => "icmp",
        2 => "igmp",
        6 => "tcp",
        17 => "udp",
        47 => "gre",
        50 => "esp",
        51 => "ah",
        58 => "icmp6",
        89 => "ospf",
        132 => "sctp",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };
}
