using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Serving.Sources;

/// <summary>
/// Delivers one worker's share of a source: the packets of its flows, and the time of all. Where each of several
/// workers reads the same source, every packet belongs to exactly one worker, and each sees the same time at its
/// packets as a single worker would: their records together are those of a single worker.
/// </summary>
public sealed class SharedSource(IPacketSource source, int worker, int workers) : IPacketSource
{
    readonly PacketBurst all = new();
    readonly WorkerSelector selector = new(workers);
    long latestNs = long.MinValue;

    /// <summary>Holds the latest time that the worker was told.</summary>
    long lastTickNs = long.MinValue;

    int next;

    /// <summary>The packets that come next are of a clock that was set.</summary>
    bool isEpochDue;

    public bool HasBacklog => next < all.Count || source.HasBacklog;

    public double Pressure => source.Pressure;

    /// <summary>May hand over an empty burst: the packets were other workers'.</summary>
    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        if (next == all.Count && !isEpochDue)
        {
            next = 0;
            if (!source.Poll(all))
            {
                return AddTick(burst);
            }

            if (worker == 0)
            {
                (burst.Steps, burst.Outliers) = (all.Steps, all.Outliers); // counted by one alone
            }

            isEpochDue = all.BeginsEpoch;
            if (all.Count == 0 || isEpochDue)
            {
                AddTick(burst); // a pause, one capture's end before the next, or the end of a clock's time
                if (isEpochDue)
                {
                    return true;
                }
            }
        }

        if (isEpochDue)
        {
            (isEpochDue, latestNs, lastTickNs) = (false, long.MinValue, long.MinValue);
            burst.BeginsEpoch = true;
        }

        while (next < all.Count && burst.Count + 2 <= PacketBurst.Capacity)
        {
            AddIfOwn(all.Packets[next++], burst);
        }

        return true;
    }

    public void Dispose() => source.Dispose();

    /// <summary>Two places of the burst at most: the packet, and before it the time where it lags behind.</summary>
    void AddIfOwn(in PacketSlot packet, PacketBurst burst)
    {
        var isMine = selector.Select(packet, out var movesTime) == worker;
        if (isMine)
        {
            if (packet.TimestampNs < latestNs && lastTickNs < latestNs)
            {
                burst.Add(PacketSlot.Tick(lastTickNs = latestNs));
            }

            burst.Add(packet);
        }

        if (movesTime && packet.TimestampNs > latestNs)
        {
            latestNs = packet.TimestampNs;
            lastTickNs = isMine ? latestNs : lastTickNs;
        }
    }

    /// <summary>Flows that outlive the source end at the time of its last packet, whoever had it.</summary>
    bool AddTick(PacketBurst burst)
    {
        if (lastTickNs >= latestNs)
        {
            return false;
        }

        burst.Add(PacketSlot.Tick(lastTickNs = latestNs));
        return true;
    }
}
