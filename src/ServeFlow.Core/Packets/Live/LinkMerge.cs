namespace ServeFlow.Packets.Live;

/// <summary>
/// Merges the packets of several interfaces by time. A packet is held back while another interface has nothing to show,
/// since an earlier one may still be on its way to the ring, but not beyond a delay.
/// </summary>
/// <param name="clockNs">Reads the clock that stamps the packets; null to hold nothing back.</param>
/// <param name="maxDelayNs">The age from which a packet waits for no other.</param>
struct LinkMerge(Func<long>? clockNs, long maxDelayNs)
{
    /// <summary>
    /// The delay for rings of blocks: 20 ms. Such a ring shows a packet 2 to 8 ms after it came; the rest is for a
    /// machine that is busy.
    /// </summary>
    public const long MaxDelayNs = 20_000_000;

    /// <summary>
    /// The delay for low latency: 0.5 ms. A ring shows each packet when the kernel has written it, which takes
    /// microseconds; the rest is for a core that does something else between the stamp and the ring.
    /// </summary>
    public const long LowLatencyDelayNs = 500_000;

    const long NsPerMillisecond = 1_000_000;

    /// <summary>Gets how long what is held back must still wait, in nanoseconds; 0 where nothing is.</summary>
    public long HeldNs { get; private set; }

    /// <summary>Gets how long the source may wait, where the packets that are there are held back.</summary>
    public readonly int WaitMilliseconds => (int)((HeldNs + NsPerMillisecond - 1) / NsPerMillisecond);

    /// <summary>Fills a burst in the order of time.</summary>
    /// <param name="isGone">Whether nothing can come from the interface of that index.</param>
    public void Fill(PacketBurst burst, ReadOnlySpan<ILinkTap> taps, ReadOnlySpan<bool> isGone, ref long number)
    {
        HeldNs = 0;
        var nowNs = clockNs?.Invoke();
        for (var goesOn = true; goesOn && !burst.IsFull;)
        {
            var earliest = FindEarliest(taps, isGone, out var headNs, out var untilNs, out var isComplete);
            if (earliest < 0)
            {
                return;
            }

            if (!isComplete && nowNs is { } now)
            {
                // A packet from the future was stamped before the clock was set: it waits for nothing.
                var waitNs = headNs + maxDelayNs - now;
                if (waitNs > 0 && waitNs < 2 * maxDelayNs)
                {
                    HeldNs = Math.Min(waitNs, maxDelayNs);
                    return;
                }

                untilNs = Math.Min(untilNs, Math.Max(headNs, now - maxDelayNs));
            }

            goesOn = taps[earliest].Fill(burst, PacketBurst.Capacity - burst.Count, untilNs, ref number);
        }
    }

    /// <summary>Finds the interface with the earliest packet; −1 where none has any.</summary>
    /// <param name="untilNs">Time of the earliest packet of the others.</param>
    /// <param name="isComplete">Whether every interface has shown a packet.</param>
    static int FindEarliest(ReadOnlySpan<ILinkTap> taps, ReadOnlySpan<bool> isGone, out long headNs, out long untilNs,
        out bool isComplete)
    {
        (var earliest, headNs, untilNs, isComplete) = (-1, long.MaxValue, long.MaxValue, true);
        for (var i = 0; i < taps.Length; i++)
        {
            if (!taps[i].TryPeek(out var ns))
            {
                isComplete &= isGone[i];
            }
            else if (ns < headNs)
            {
                (untilNs, headNs, earliest) = (headNs, ns, i);
            }
            else
            {
                untilNs = Math.Min(untilNs, ns);
            }
        }

        return earliest;
    }
}
