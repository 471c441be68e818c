using System.Diagnostics;
using ServeFlow.Packets;

namespace ServeFlow.Serving.Sources;

/// <summary>
/// Hands packets over when they are due: as far apart as they were captured, or a multiple faster. A step of more than
/// <see cref="MaxWait"/> in the capture's clock, either way, is no pause on a link but a clock that was set, or
/// captures of different days: it is not waited for.
/// </summary>
public sealed class PacedSource(IPacketSource source, double speed) : IPacketSource
{
    /// <summary>
    /// A replay loses nothing by waiting: only a lag that has built up for long says that it cannot keep the pace.
    /// </summary>
    static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(2);

    /// <summary>Limits how long a call may wait for the next packet.</summary>
    static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(10);

    /// <summary>Below this a sleep would oversleep.</summary>
    static readonly TimeSpan MinSleep = TimeSpan.FromMilliseconds(1.5);

    readonly PacketBurst held = new();
    int next;
    bool hasBegun;
    long baseNs;
    long baseTime;

    /// <summary>Gets the longest pause that is kept, as waited: one minute.</summary>
    public static TimeSpan MaxWait { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Packet time now; no later than the next packet's. Meaningful once a packet was handed over.</summary>
    public long NowNs => next < held.Count ? Math.Min(ReplayNs(), held.Packets[next].TimestampNs) : LastNs;

    public bool HasBacklog => next < held.Count && IsDue(held.Packets[next]);

    /// <summary>Gets the lag behind the pace, as a share of <see cref="MaxLag"/>.</summary>
    public double Pressure => next < held.Count && hasBegun
        ? Math.Clamp((ReplayNs() - held.Packets[next].TimestampNs) / speed / MaxLag.TotalNanoseconds, 0, 1)
        : 0;

    long LastNs { get; set; }

    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        if (next == held.Count && !Refill())
        {
            return false;
        }

        WaitUntilDue();
        if (next == 0 && (held.Count == 0 || IsDue(held.Packets[next])))
        {
            burst.TakeClockOf(held);
        }

        while (next < held.Count && IsDue(held.Packets[next]))
        {
            LastNs = held.Packets[next].TimestampNs;
            burst.Add(held.Packets[next++]);
        }

        return true;
    }

    public void Dispose() => source.Dispose();

    bool Refill()
    {
        next = 0;
        var goesOn = source.Poll(held);
        hasBegun &= !held.BeginsEpoch;
        return goesOn;
    }

    /// <summary>
    /// Determines whether the packet's time has come. Where the capture's clock was set, time begins anew with it.
    /// </summary>
    bool IsDue(in PacketSlot packet)
    {
        var step = Math.Abs((double)packet.TimestampNs - LastNs);
        if (!hasBegun || step / speed > MaxWait.TotalNanoseconds)
        {
            hasBegun = true;
            LastNs = packet.TimestampNs;
            (baseNs, baseTime) = (packet.TimestampNs, Stopwatch.GetTimestamp());
        }

        return packet.TimestampNs <= ReplayNs();
    }

    void WaitUntilDue()
    {
        var start = Stopwatch.GetTimestamp();
        while (next < held.Count && !IsDue(held.Packets[next]) && Stopwatch.GetElapsedTime(start) < PollTimeout)
        {
            var ahead = (held.Packets[next].TimestampNs - ReplayNs()) / speed;
            if (ahead > MinSleep.TotalNanoseconds)
            {
                Thread.Sleep(1);
            }
            else
            {
                Thread.SpinWait(20);
            }
        }
    }

    long ReplayNs() => baseNs + (long)(Stopwatch.GetElapsedTime(baseTime).TotalNanoseconds * speed);
}
