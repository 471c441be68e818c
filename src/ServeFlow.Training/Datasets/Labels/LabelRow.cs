using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>Represents one row of a labels file.</summary>
/// <param name="Capture">The <c>pcap</c> column with '/'; null where the row may belong to any capture.</param>
/// <param name="Key">The five-tuple, direction-blind; see <see cref="LabelKeys"/>.</param>
/// <param name="Icmp">ICMP type and code, where the row gives any; null matches every one.</param>
/// <param name="FirstNs">Capture time of the flow's first packet, where the row gives it.</param>
/// <param name="Line">Line in the labels file, from 1.</param>
/// <param name="Group">The flow's group, such as its session or host; null where no column was asked for.</param>
readonly record struct LabelRow(string? Capture, FlowKey Key, IcmpKind? Icmp, string Label, long? FirstNs, int Line,
    string? Group = null);

/// <summary>Represents an ICMP message kind as the ports of a five-tuple spell it.</summary>
readonly record struct IcmpKind(ushort Type, ushort Code)
{
    public bool Matches(in Flow flow) => Fits(Type, Code, flow) || Fits(Code, Type, flow);

    /// <summary>The flow's ports are type and code, or, of a request and its reply, both their types.</summary>
    static bool Fits(ushort type, ushort code, in Flow flow) =>
        (type == flow.SourcePort && (code == flow.DestinationPort || code == flow.IcmpCode))
        || (type == flow.DestinationPort
            && IcmpTypes.Counterpart(flow.Key.Protocol, type) == flow.SourcePort);
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

    public static FlowKey Create(in Flow flow)
    {
        var key = flow.Key;
        return Create(key.LowAddress, key.LowPort, key.HighAddress, key.HighPort, key.Protocol);
    }

    public static FlowKey Create(IpAddress source, ushort sourcePort, IpAddress destination, ushort destinationPort,
        byte protocol)
    {
        var ported = HasPorts(protocol);
        return FlowKey.Between(source, ported ? sourcePort : (ushort)0, destination,
            ported ? destinationPort : (ushort)0, vlan: 0, protocol, ipVersion: 0, out _);
    }

    public static bool HasPorts(byte protocol) => protocol is Tcp or Udp;
}
