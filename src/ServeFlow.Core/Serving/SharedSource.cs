using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Serving;

/// <summary>
/// One worker's share of a source: the packets of its flows, and the time of all. With the same source read by each
/// of several workers, every packet is exactly one's, and each sees the same time at its packets as a worker alone
/// would have: so their records together are that worker's.
/// </summary>
public sealed class SharedSource(IPacketSource source, int worker, int workers) : IPacketSource
{
    readonly PacketBurst all = new();
    readonly FlowShare share = new(workers);
    long latestNs = long.MinValue;

    /// <summary>The latest time that the worker was told.</summary>
    long toldNs = long.MinValue;

    int next;

    public bool HasBacklog => next < all.Count || source.HasBacklog;

    public double Pressure => source.Pressure;

    /// <summary>May hand over an empty burst: the packets were other workers'.</summary>
    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        if (next == all.Count)
        {
            next = 0;
            if (!source.Poll(all))
            {
                return TellTime(burst);
            }

            if (all.Count == 0)
            {
                TellTime(burst); // a pause, or one capture's end before the next
            }
        }

        while (next < all.Count && burst.Count + 2 <= PacketBurst.Capacity)
        {
            Take(all.Packets[next++], burst);
        }

        return true;
    }

    public void Dispose() => source.Dispose();

    /// <summary>Two places of the burst at most: the packet, and before it the time where it lags behind.</summary>
    void Take(in PacketSlot packet, PacketBurst burst)
    {
        var isMine = share.Of(packet, out var movesTime) == worker;
        if (isMine)
        {
            if (packet.TimestampNs < latestNs && toldNs < latestNs)
            {
                burst.Add(PacketSlot.Tick(toldNs = latestNs));
            }

            burst.Add(packet);
        }

        if (movesTime && packet.TimestampNs > latestNs)
        {
            latestNs = packet.TimestampNs;
            toldNs = isMine ? latestNs : toldNs;
        }
    }

    /// <summary>Flows that outlive the source end at the time of its last packet, whoever had it.</summary>
    bool TellTime(PacketBurst burst)
    {
        if (toldNs >= latestNs)
        {
            return false;
        }

        burst.Add(PacketSlot.Tick(toldNs = latestNs));
        return true;
    }
}
