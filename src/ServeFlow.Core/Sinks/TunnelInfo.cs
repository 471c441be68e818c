using ServeFlow.Packets;

namespace ServeFlow.Sinks;

/// <summary>
/// Holds what records say of a tunnelled flow beyond what the flow itself holds; taken from its first packet.
/// </summary>
/// <param name="TunnelDepth">Tunnels that were opened; 0 for most flows, of which there is nothing to note.</param>
/// <param name="Outer">The outermost addresses and ports.</param>
public readonly record struct TunnelInfo(byte TunnelDepth, OuterTuple Outer)
{
    public static TunnelInfo FromHeaders(in PacketHeaders headers) =>
        headers.TunnelDepth > 0 ? new(headers.TunnelDepth, headers.Outer) : default;
}
