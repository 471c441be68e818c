using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Training.Datasets;

/// <summary>One row of a labels file.</summary>
/// <param name="Capture">The <c>pcap</c> column with '/'; null where the row may belong to any capture.</param>
/// <param name="Key">The five-tuple, direction-blind; see <see cref="LabelKeys"/>.</param>
/// <param name="Icmp">ICMP type and code, where the row gives any; null matches every one.</param>
/// <param name="FirstNs">Capture time of the flow's first packet, where the row gives it.</param>
/// <param name="Line">Line in the labels file, from 1.</param>
readonly record struct LabelRow(string? Capture, FlowKey Key, IcmpKind? Icmp, string Label, long? FirstNs, int Line);

/// <summary>An ICMP message kind as the ports of a five-tuple spell it.</summary>
readonly record struct IcmpKind(ushort Type, ushort Code)
{
    public bool Matches(in Flow flow) =>
        (flow.SourcePort == Type && flow.DestinationPort == Code)
        || (flow.SourcePort == Code && flow.DestinationPort == Type);
}

/// <summary>
/// Keys under which label rows and flows meet: a flow key without VLAN (labels do not know it) and, but for TCP and
/// UDP, without ports. Tools write 0, an identifier or the ICMP type there; all messages between two hosts are one
/// label row's.
/// </summary>
static class LabelKeys
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Icmp6 = 58;

    public static FlowKey Of(in Flow flow)
    {
        var ported = HasPorts(flow.Key.Protocol);
        return flow.Key with
        {
            Vlan = 0,
            IpVersion = 0,
            LowPort = ported ? flow.Key.LowPort : (ushort)0,
            HighPort = ported ? flow.Key.HighPort : (ushort)0,
        };
    }

    public static FlowKey Of(IpAddress source, ushort sourcePort, IpAddress destination, ushort destinationPort,
        byte protocol)
    {
        var ported = HasPorts(protocol);
        var headers = new PacketHeaders
        {
            Source = source,
            Destination = destination,
            SourcePort = ported ? sourcePort : (ushort)0,
            DestinationPort = ported ? destinationPort : (ushort)0,
            Protocol = protocol,
        };
        return FlowKey.Of(headers, withVlan: false, out _);
    }

    static bool HasPorts(byte protocol) => protocol is Tcp or Udp;
}
