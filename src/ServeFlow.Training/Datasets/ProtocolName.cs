using System.Globalization;

namespace ServeFlow.Training.Datasets;

/// <summary>IP protocols as labels files spell them. Numbers: IANA, "Assigned Internet Protocol Numbers".</summary>
static class ProtocolName
{
    public const string Allowed = "tcp, udp, icmp, icmp6, igmp, sctp, gre, esp, ah, ospf or a number 0-255";

    public static bool TryParse(string text, out byte number)
    {
        number = text.ToLowerInvariant() switch
        {
            "icmp" => 1,
            "igmp" => 2,
            "tcp" => 6,
            "udp" => 17,
            "gre" => 47,
            "esp" => 50,
            "ah" => 51,
            "icmp6" or "icmpv6" or "ipv6-icmp" => 58,
            "ospf" => 89,
            "sctp" => 132,
            _ => 255,
        };
        return number != 255 || byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
