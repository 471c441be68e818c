namespace ServeFlow.Packets.Live;

/// <summary>
/// Sums up what the kernel counts for a socket, which it forgets when it tells it. Any thread may ask, also after
/// the socket was closed.
/// </summary>
/// <param name="before">Counts of a socket whose interface is gone, which go on here.</param>
sealed unsafe class TapCounters(LinkHandle socket, InterfaceDrops? drops, CaptureCounters before)
{
    long packets;
    long dropped;
    long filtered;

    /// <summary>A packet that passed the kernel's filter did not pass ours. Called by the worker alone.</summary>
    public void CountFiltered() => Volatile.Write(ref filtered, filtered + 1);

    public CaptureCounters Read()
    {
        var (statistics, length) = (default(RingStatistics), (uint)sizeof(RingStatistics));
        try
        {
            if (Libc.GetOption(socket, PacketAbi.PacketLevel, PacketAbi.Statistics, &statistics, &length) < 0)
            {
                statistics = default;
            }
        }
        catch (ObjectDisposedException)
        {
            // The last totals were taken just before the socket was closed.
        }

        var passed = Interlocked.Add(ref packets, statistics.Packets) - Volatile.Read(ref filtered);
        return before
            + new CaptureCounters(passed, Interlocked.Add(ref dropped, statistics.Dropped), drops?.Read() ?? 0);
    }
}
