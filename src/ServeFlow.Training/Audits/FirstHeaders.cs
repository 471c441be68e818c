using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Audits;

/// <summary>
/// Tells which headers a flow's first packet has: all that a model knows of it without reading a value.
/// </summary>
static class FirstHeaders
{
    /// <summary>Returns a bit for each of IPv4, IPv6, TCP, UDP and ICMP; 0 where there is no packet.</summary>
    public static ulong GetBits(DataSet data, int flow)
    {
        if (data.Flows[flow].KeptPackets == 0)
        {
            return 0;
        }

        ref readonly var first = ref data.Packets(flow)[0];
        byte[] lengths = [first.Ipv4Length, first.Ipv6Length, first.TcpLength, first.UdpLength, first.IcmpLength];
        return lengths.Aggregate(0UL, (headers, length) => (headers << 1) | (length > 0 ? 1UL : 0));
    }
}
