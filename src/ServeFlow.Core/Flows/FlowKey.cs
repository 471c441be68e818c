using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>
/// A bidirectional five-tuple: the smaller (address, port) is always <see cref="LowAddress"/>, so that both
/// directions give the same key. 40 bytes.
/// </summary>
public readonly record struct FlowKey(IpAddress LowAddress, IpAddress HighAddress, ushort LowPort, ushort HighPort,
    ushort Vlan, byte Protocol, byte IpVersion)
{
    /// <summary>The key of a packet, and whether its sender is the key's low side.</summary>
    public static FlowKey Of(in PacketHeaders headers, bool withVlan, out bool senderIsLow)
    {
        var order = headers.Source.CompareTo(headers.Destination);
        senderIsLow = order < 0 || (order == 0 && headers.SourcePort <= headers.DestinationPort);
        var vlan = withVlan ? headers.Vlan : (ushort)0;
        return senderIsLow
            ? new(headers.Source, headers.Destination, headers.SourcePort, headers.DestinationPort, vlan,
                headers.Protocol, headers.IpVersion)
            : new(headers.Destination, headers.Source, headers.DestinationPort, headers.SourcePort, vlan,
                headers.Protocol, headers.IpVersion);
    }
}
