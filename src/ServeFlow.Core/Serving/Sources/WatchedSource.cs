using ServeFlow.Packets;

namespace ServeFlow.Serving.Sources;

/// <summary>
/// A sensor's view of a worker's source. Before each burst it publishes the worker's numbers; it keeps to the
/// packet limit; and where nothing comes it lets time go on.
/// </summary>
sealed class WatchedSource(SensorSource source, PacketBudget budget, Action beforePoll) : IPacketSource
{
    readonly IPacketSource packets = source.Packets;
    readonly Func<long>? idleClockNs = source.IdleClockNs;

    public bool HasBacklog => !budget.IsSpent && packets.HasBacklog;

    public double Pressure => packets.Pressure;

    public bool Poll(PacketBurst burst)
    {
        beforePoll();
        if (budget.IsSpent || !packets.Poll(burst))
        {
            burst.Clear();
            return false;
        }

        budget.Spend(burst);
        if (burst.Count == 0 && idleClockNs is not null && !packets.HasBacklog)
        {
            burst.Add(PacketSlot.Tick(idleClockNs()));
        }

        return true;
    }

    public void Dispose() => packets.Dispose();
}
