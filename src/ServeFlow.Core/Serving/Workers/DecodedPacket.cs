using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Holds what can be known of a packet before its turn, whatever the packets before it do to the flows.
/// </summary>
struct DecodedPacket
{
    public PacketHeaders Headers;

    public HashedFlowKey HashedKey;

    /// <summary>Otherwise there are no headers, and <see cref="IgnoreReason"/> says why.</summary>
    public bool IsDecoded;

    public IgnoreReason IgnoreReason;
}
