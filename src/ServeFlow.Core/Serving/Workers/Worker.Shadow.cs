using ServeFlow.Packets;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Has another worker follow: it sees the same packets, decoded already, tracks and answers their flows by its own plan
/// and hands its records to a comparison. Nothing of it reaches this worker's records or counts.
/// </summary>
public sealed partial class Worker
{
    Worker? shadow;

    /// <summary>Takes the records: the sink, or what compares them on their way there.</summary>
    IRecordSink output;

    void Follow(ReadOnlySpan<PacketSlot> group, DecodedPacket[] decoded)
    {
        foreach (ref var packet in decoded.AsSpan(0, group.Length))
        {
            if (packet.IsDecoded)
            {
                flows.Prepare(packet.Headers, out packet.HashedKey);
            }
        }

        PrefetchFlows(decoded.AsSpan(0, group.Length));
        PrefetchHeaders(decoded.AsSpan(0, group.Length));
        TakeTurns(group, decoded);
    }
}
