using System.Runtime.CompilerServices;

namespace ServeFlow.Packets.Clocks;

/// <summary>
/// Delivers the packets of one source with times that can be relied on: an outlier takes its neighbour's time, and a
/// burst begins where the clock was set (<see cref="PacketBurst.BeginsEpoch"/>). Bursts pass through as they are; only
/// where a time is in question packets are held, until those behind it have been seen.
/// </summary>
sealed unsafe class SteadySource(IPacketSource source) : IPacketSource
{
    PacketClock clock = new();
    PacketBurst? polled;
    PacketSlot[] held = [];
    byte[] bytes = [];
    byte[] spare = [];
    int next;
    int count;
    bool isWaiting;
    bool hasEnded;

    public bool HasBacklog => (next < count && !isWaiting) || source.HasBacklog;

    public double Pressure => source.Pressure;

    public bool Poll(PacketBurst burst)
    {
        if (next < count)
        {
            burst.Clear();
            HandOver(burst);
            return true;
        }

        if (!source.Poll(burst))
        {
            return false;
        }

        var steady = clock.Follow(burst.Packets);
        if (steady < burst.Count)
        {
            Hold(burst, steady);
        }

        return true;
    }

    public void Dispose() => source.Dispose();

    /// <summary>Keeps a burst's packets from the one in question on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    void Hold(PacketBurst burst, int from)
    {
        if (held.Length == 0)
        {
            held = new PacketSlot[PacketBurst.Capacity + PacketClock.Lookahead];
        }

        var packets = burst.Packets[from..];
        packets.CopyTo(held);
        (next, count) = (0, packets.Length);
        burst.Truncate(from);
        if (from == 0)
        {
            HandOver(burst);
        }
    }

    /// <summary>Adds held packets to an empty burst, up to one that is undecided or begins another.</summary>
    void HandOver(PacketBurst burst)
    {
        while (next < count && !burst.IsFull)
        {
            if (clock.TryFollow(held[next].TimestampNs))
            {
                burst.Add(held[next++]);
                continue;
            }

            var before = clock;
            switch (clock.Judge(held.AsSpan(next, count - next), hasEnded))
            {
                case TimeVerdict.Outlier:
                    burst.Add(held[next++].WithTime(clock.NowNs));
                    burst.Outliers++;
                    break;
                case TimeVerdict.Step when burst.Count > 0:
                    clock = before; // the next burst begins here
                    return;
                case TimeVerdict.Undecided when burst.Count > 0 || !TryLookAhead():
                    return;
                case TimeVerdict.Step:
                    burst.BeginEpoch();
                    burst.Add(held[next++]);
                    break;
                case TimeVerdict.Steady:
                    burst.Add(held[next++]);
                    break;
            }
        }
    }

    /// <summary>Polls more packets behind the held ones; false where there are none yet.</summary>
    bool TryLookAhead()
    {
        Keep();
        polled ??= new();
        if (!source.Poll(polled))
        {
            hasEnded = true;
            return true;
        }

        polled.Packets.CopyTo(held.AsSpan(count));
        count += polled.Count;
        isWaiting = polled.Count == 0;
        return !isWaiting;
    }

    /// <summary>
    /// Copies the held packets, fewer than are asked at most, and perhaps all of them empty: the source is about to
    /// take them back.
    /// </summary>
    void Keep()
    {
        var packets = held.AsSpan(next, count - next);
        var needed = 0;
        foreach (ref readonly var packet in packets)
        {
            needed += packet.CapturedLength;
        }

        if (spare.Length <= needed)
        {
            spare = GC.AllocateUninitializedArray<byte>((needed * 2) + 1, pinned: true);
        }

        var used = 0;
        foreach (ref var packet in packets)
        {
            packet.Bytes.CopyTo(spare.AsSpan(used));
            used += packet.CapturedLength;
            packet = packet.IsTick ? packet
                : packet.WithBytesAt((byte*)Unsafe.AsPointer(ref spare[0]) + used - packet.CapturedLength);
        }

        packets.CopyTo(held);
        (next, count) = (0, packets.Length);
        (bytes, spare) = (spare, bytes);
    }
}
