using System.Runtime.CompilerServices;

namespace ServeFlow.Packets.Clocks;

/// <summary>
/// Follows the clock of one source's packets, and tells a wrong time from a clock that was set. A time that the packets
/// behind it do not confirm is an outlier: the clock stays where it is. Times that confirm each other are a step: time
/// begins anew with them. All judgements depend on the packets alone. docs/flows.md.
/// </summary>
public struct PacketClock
{
    /// <summary>
    /// A packet may lie this far ahead of the one before it without question: one second. Beyond it the packets behind
    /// it are asked, since a link may be silent as long.
    /// </summary>
    public const long MaxAheadNs = Second;

    /// <summary>
    /// A packet may lie this far behind the one before it: ten seconds. Real captures show up to one second, where
    /// several queues or interfaces feed one file; the table's time stands still as long, less than its timeouts.
    /// </summary>
    public const long MaxBehindNs = 10 * Second;

    /// <summary>
    /// Specifies the jump ahead from which on it is a step and no silence: one hour. With the default timeouts no flow
    /// survives it.
    /// </summary>
    public const long MinStepNs = 3600 * Second;

    /// <summary>
    /// A first packet that stands alone keeps its time where the next come later by less than this: one year. A capture
    /// of an idle link may begin so; a clock that was never set is off by more.
    /// </summary>
    public const long MaxIdleStartNs = 365 * 86_400 * Second;

    /// <summary>
    /// The packets, from the one in question on, that are asked at most. Where packets of two clocks alternate at
    /// random, as many of one in a row are too rare to be taken for a step.
    /// </summary>
    public const int Lookahead = 32;

    /// <summary>
    /// The packets that are asked about a jump ahead that can be a silence: few, because on a quiet pipe they are long
    /// in coming.
    /// </summary>
    const int SilenceLookahead = 4;

    /// <summary>Specifies how many times must agree for a step.</summary>
    const int MinRun = 2;

    const long Second = 1_000_000_000;

    bool hasBegun;
    long longestSilenceNs;
    long nowNs = long.MinValue;

    public PacketClock()
    {
    }

    /// <summary>Gets the time of the latest packet that was not an outlier; an outlier takes it.</summary>
    public readonly long NowNs => nowNs;

    /// <summary>
    /// Moves the clock to a packet's time where that is beyond question, as is nearly always the case.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFollow(long timestampNs)
    {
        if ((ulong)(timestampNs - nowNs + MaxBehindNs) > MaxBehindNs + MaxAheadNs)
        {
            return false;
        }

        nowNs = timestampNs;
        return true;
    }

    /// <summary>Follows packets up to the first that is in question; returns its index, or their number.</summary>
    public int Follow(ReadOnlySpan<PacketSlot> packets)
    {
        if (!hasBegun)
        {
            TryBegin(packets, isEnd: false);
        }

        for (var i = 0; i < packets.Length; i++)
        {
            if (!TryFollow(packets[i].TimestampNs))
            {
                return i;
            }
        }

        return packets.Length;
    }

    /// <summary>Judges the time of a packet that is in question, and follows it unless it is an outlier.</summary>
    /// <param name="packets">The packet and those behind it, in their order.</param>
    /// <param name="isEnd">Whether no more packets come.</param>
    public TimeVerdict Judge(ReadOnlySpan<PacketSlot> packets, bool isEnd)
    {
        if (!hasBegun && !TryBegin(packets, isEnd))
        {
            return TimeVerdict.Undecided;
        }

        var timestampNs = packets[0].TimestampNs;
        if (TryFollow(timestampNs))
        {
            return TimeVerdict.Steady;
        }

        var verdict = timestampNs > nowNs ? JudgeAhead(packets, isEnd) : JudgeBehind(packets, isEnd);
        if (verdict is TimeVerdict.Steady or TimeVerdict.Step)
        {
            longestSilenceNs = Math.Max(longestSilenceNs, timestampNs - nowNs);
            nowNs = timestampNs;
        }

        return verdict;
    }

    /// <summary>
    /// The clock begins where two packets in a row confirm each other: the later by less than a step. Where packets of
    /// two clocks alternate, it begins with the first that any behind it confirms. A first packet that stands alone
    /// before a long silence is no outlier.
    /// </summary>
    bool TryBegin(ReadOnlySpan<PacketSlot> packets, bool isEnd)
    {
        var asked = packets[..Math.Min(packets.Length, Lookahead)];
        var first = FindConfirmed(asked, 1);
        if (first < 0 && (asked.Length == Lookahead || isEnd))
        {
            first = Math.Max(0, FindConfirmed(asked, Lookahead));
        }

        if (first < 0)
        {
            return false;
        }

        first = FindFollowed(asked, first);

        // Packets before it may agree with it, too, where a wrong one stands between.
        var anchor = 0;
        while (!Agree(asked[anchor], asked[first], anchor == 0 ? MaxIdleStartNs - 1 : MinStepNs - 1))
        {
            anchor++;
        }

        (hasBegun, nowNs) = (true, asked[anchor].TimestampNs);
        return true;
    }

    /// <summary>
    /// Finds the first packet whose time one of the next <paramref name="behind"/> packets agrees with; −1 for none.
    /// </summary>
    static int FindConfirmed(ReadOnlySpan<PacketSlot> packets, int behind)
    {
        for (var i = 0; i < packets.Length; i++)
        {
            for (var j = i + 1; j < packets.Length && j <= i + behind; j++)
            {
                if (Agree(packets[i], packets[j], MinStepNs - 1))
                {
                    return i;
                }
            }
        }

        return -1;
    }

    /// <summary>
    /// Finds the packet that the next but one follows without question, where it follows the one between only after a
    /// silence: that one is wrong then. Otherwise the confirmed packet stays the first.
    /// </summary>
    static int FindFollowed(ReadOnlySpan<PacketSlot> packets, int confirmed)
    {
        var isSure = confirmed == 0 || confirmed + 1 == packets.Length ||
            Agree(packets[confirmed], packets[confirmed + 1], MaxAheadNs);
        return !isSure && Agree(packets[confirmed - 1], packets[confirmed + 1], MaxAheadNs) ? confirmed - 1 : confirmed;
    }

    static bool Agree(in PacketSlot packet, in PacketSlot later, long aheadNs) =>
        later.TimestampNs - packet.TimestampNs >= -MaxBehindNs && later.TimestampNs - packet.TimestampNs <= aheadNs;

    /// <summary>A packet behind it that returns to the clock makes it an outlier.</summary>
    readonly TimeVerdict JudgeAhead(ReadOnlySpan<PacketSlot> packets, bool isEnd)
    {
        var firstNs = packets[0].TimestampNs;
        var isSilence = firstNs - nowNs < MinStepNs;
        var wanted = isSilence ? SilenceLookahead : Lookahead;
        var nearNs = firstNs - Math.Max(MaxAheadNs, (firstNs - nowNs) / 2);
        var (run, asked) = (1, Math.Min(packets.Length, wanted));
        for (var i = 1; i < asked; i++)
        {
            var ns = packets[i].TimestampNs;
            if (ns >= nowNs - MaxBehindNs && ns < nearNs)
            {
                return TimeVerdict.Outlier;
            }

            run += ns >= nearNs ? 1 : 0;
        }

        return asked < wanted && !isEnd ? TimeVerdict.Undecided
            : isSilence ? TimeVerdict.Steady
            : run >= MinRun || IsUsual(firstNs - nowNs) ? TimeVerdict.Step
            : TimeVerdict.Outlier;
    }

    /// <summary>A step only where the packets behind it stay there, and do not leap back to the clock.</summary>
    readonly TimeVerdict JudgeBehind(ReadOnlySpan<PacketSlot> packets, bool isEnd)
    {
        var latestNs = packets[0].TimestampNs;
        var leapNs = (nowNs - latestNs) / 2; // on a quiet link they reach it in time, by steps of less
        var (run, asked) = (1, Math.Min(packets.Length, Lookahead));
        for (var i = 1; i < asked; i++)
        {
            var ns = packets[i].TimestampNs;
            if (ns < latestNs - MaxBehindNs)
            {
                return run >= MinRun ? TimeVerdict.Step : TimeVerdict.Outlier;
            }

            if (ns >= nowNs - MaxBehindNs && ns - latestNs >= leapNs)
            {
                if (ns - nowNs < MinStepNs)
                {
                    return TimeVerdict.Outlier;
                }

                continue; // it belongs to neither
            }

            (latestNs, run) = (ns, run + 1);
        }

        return asked < Lookahead && !isEnd ? TimeVerdict.Undecided
            : run >= MinRun ? TimeVerdict.Step
            : TimeVerdict.Outlier;
    }

    /// <summary>The last packet has none behind it; but the source may have shown as long a silence before.</summary>
    readonly bool IsUsual(long silenceNs) => silenceNs / 2 <= longestSilenceNs;
}

/// <summary>Tells what the time of a packet is.</summary>
public enum TimeVerdict
{
    /// <summary>The time is right; at most there was a silence before it.</summary>
    Steady,

    /// <summary>It is wrong: the packet takes its neighbour's.</summary>
    Outlier,

    /// <summary>The clock was set, or the capture was put together from several: time begins anew.</summary>
    Step,

    /// <summary>The time cannot be judged before more packets are seen.</summary>
    Undecided,
}
