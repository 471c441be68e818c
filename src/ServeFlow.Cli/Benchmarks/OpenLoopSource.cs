using System.Diagnostics;
using ServeFlow.Packets;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>
/// Packets at the pace of their own timestamps, whether the reader keeps up or not: an open loop. What is due waits
/// in a ring, as a kernel's; what finds the ring full is dropped and counted.
/// </summary>
sealed class OpenLoopSource : IPacketSource
{
    /// <summary>Packets: about what an 8 MiB kernel ring holds of short frames.</summary>
    const int RingSize = 1 << 16;

    readonly PacketMemory packets;
    readonly int[] ring = new int[RingSize];
    readonly long startTicks;
    readonly long firstNs;
    int arrived;
    long taken;
    long queued;

    /// <param name="startTicks">When the packet of <paramref name="firstNs"/> is due, by the stopwatch.</param>
    public OpenLoopSource(PacketMemory packets, long startTicks, long firstNs) =>
        (this.packets, this.startTicks, this.firstNs) = (packets, startTicks, firstNs);

    public long Dropped { get; private set; }

    public bool HasBacklog => queued > taken;

    public double Pressure => (double)(queued - taken) / RingSize;

    /// <summary>Gets the packet time by the clock: now, as a timestamp of the capture would say it.</summary>
    public long NowNs => firstNs + (long)Stopwatch.GetElapsedTime(startTicks).TotalNanoseconds;

    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        Arrive();
        while (taken < queued && !burst.IsFull)
        {
            burst.Add(packets[ring[taken++ % RingSize]]);
        }

        return burst.Count > 0 || arrived < packets.Count;
    }

    public void Dispose()
    {
    }

    void Arrive()
    {
        for (var now = NowNs; arrived < packets.Count && packets[arrived].TimestampNs <= now; arrived++)
        {
            if (queued - taken == RingSize)
            {
                Dropped++;
            }
            else
            {
                ring[queued++ % RingSize] = arrived;
            }
        }
    }
}
