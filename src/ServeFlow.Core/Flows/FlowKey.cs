using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>
/// A bidirectional five-tuple: the smaller (address, port) is <see cref="LowAddress"/>, so that both directions give
/// the same key. The exception is an ICMP message that stands alone (see <see cref="IcmpTypes"/>): its sender is
/// always the low side, and each direction has its own key. 40 bytes.
/// </summary>
public readonly record struct FlowKey(IpAddress LowAddress, IpAddress HighAddress, ushort LowPort, ushort HighPort,
    ushort Vlan, byte Protocol, byte IpVersion)
{
    /// <summary>The key of a packet, and whether its sender is the key's low side.</summary>
    public static FlowKey Of(in PacketHeaders headers, bool withVlan, out bool senderIsLow)
    {
        var vlan = withVlan ? headers.Vlan : (ushort)0;
        var (port, otherPort) = (headers.SourcePort, headers.DestinationPort);
        if (IcmpTypes.IsIcmp(headers.Protocol))
        {
            var counterpart = IcmpTypes.Counterpart(headers.Protocol, headers.SourcePort);
            if (counterpart < 0)
            {
                senderIsLow = true;
                return new(headers.Source, headers.Destination, port, otherPort, vlan, headers.Protocol,
                    headers.IpVersion);
            }

            otherPort = (ushort)counterpart;
        }

        return Between(headers.Source, port, headers.Destination, otherPort, vlan, headers.Protocol,
            headers.IpVersion, out senderIsLow);
    }

    /// <summary>The direction-blind key of two ends, given in either order.</summary>
    public static FlowKey Between(IpAddress address, ushort port, IpAddress otherAddress, ushort otherPort, ushort vlan,
        byte protocol, byte ipVersion, out bool firstIsLow)
    {
        var order = address.CompareTo(otherAddress);
        firstIsLow = order < 0 || (order == 0 && port <= otherPort);
        return firstIsLow
            ? new(address, otherAddress, port, otherPort, vlan, protocol, ipVersion)
            : new(otherAddress, address, otherPort, port, vlan, protocol, ipVersion);
    }
}
