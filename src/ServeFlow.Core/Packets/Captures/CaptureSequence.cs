using ServeFlow.Packets.Captures.Reading;
using ServeFlow.Packets.Clocks;

namespace ServeFlow.Packets.Captures;

/// <summary>
/// Reads captures as one source in the order of time, and says what became of each. Whoever reads captures reads them
/// through this. Captures that overlap are merged packet by packet; the others follow one after the other. Before a
/// capture is named it hands over an empty burst, so that the records of those before are out. One that cannot be
/// opened is passed over. Outliers among the times are mended, and steps are marked.
/// </summary>
/// <param name="captures">The captures in the order of their first packets, at least one.</param>
/// <param name="meter">Told how far they have been read; null for nobody.</param>
public sealed class CaptureSequence(IReadOnlyList<CapturePath> captures, ReadMeter? meter = null) : IPacketSource
{
    /// <summary>
    /// Limits the captures that are read at once through full windows; beyond it, each has a smaller one.
    /// </summary>
    const int ManyOpen = 16;

    const int SmallWindow = 1 << 15;

    readonly List<CaptureOutcome> outcomes = [];
    readonly List<OpenCapture> open = [];
    readonly PriorityQueue<OpenCapture, (long HeadNs, int Order)> heads = new();
    Action<string>? begin;
    OpenCapture? named;

    /// <summary>Holds the capture whose packets were all handed over; no other can be, or is not polled again
    /// yet.</summary>
    OpenCapture? drained;

    /// <summary>Packets were handed over since records were last out.</summary>
    bool isDirty;

    bool isPausing;
    int next;
    int outliers;
    long lastNs = -1;

    /// <summary>Gets what ends the wait for a pipe that is silent, by an exception.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Gets the outcomes of the captures that have ended, in that order.</summary>
    public IReadOnlyList<CaptureOutcome> Outcomes => outcomes;

    /// <summary>Gets the outcomes so far of all captures that were begun.</summary>
    public IEnumerable<CaptureOutcome> OutcomesSoFar => outcomes.Concat(open.Select(capture => capture.Outcome));

    /// <summary>
    /// Gets the outcome so far of the capture that is being read, or else of the one that ended last.
    /// </summary>
    public CaptureOutcome Latest => open is [.., var latest] ? latest.Outcome
        : outcomes is [.., var ended] ? ended : new(captures[0].Name, Problem: null, IsReadable: true);

    public bool HasBacklog => !isPausing && open.Exists(static capture => capture.HasBacklog);

    bool IsNextDue => next < captures.Count
        && (open.Count == 0 || (heads.TryPeek(out _, out var head) && !IsBeforeNext(head.HeadNs)));

    /// <summary>Sets what is called with the name of each capture before its first packet.</summary>
    public void OnCapture(Action<string> report) => begin = report;

    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        isPausing = false;
        if (drained is { } last)
        {
            drained = null;
            if (PollAgain(last, burst))
            {
                return true;
            }
        }

        if (isDirty && (IsNextDue || (open.Count > 0 && named is null)))
        {
            (isPausing, isDirty) = (true, false);
            return true;
        }

        while (IsNextDue)
        {
            Open();
        }

        if (named is null && open is [.., var latest])
        {
            Name(latest);
        }

        Merge(burst);
        return burst.Count > 0 || open.Count > 0;
    }

    public void Dispose()
    {
        open.ForEach(capture => capture.Dispose());
        open.Clear();
        heads.Clear();
        drained = null;
    }

    /// <summary>Polls a capture whose packets have been taken; true where that has filled the burst.</summary>
    bool PollAgain(OpenCapture capture, PacketBurst burst)
    {
        if (open.Count == 1 && next == captures.Count)
        {
            return PollAlone(capture, burst);
        }

        Refill(capture);
        return false;
    }

    /// <summary>The only capture that is left, as nearly always: its bursts pass through.</summary>
    bool PollAlone(OpenCapture capture, PacketBurst burst)
    {
        if (!capture.PollInto(burst))
        {
            Close(capture);
            return false;
        }

        (drained, isDirty) = (capture, true);
        if (burst.Count > 0)
        {
            if (IsStep(burst.Packets[0].TimestampNs) && !burst.BeginsEpoch)
            {
                burst.BeginEpoch();
            }

            lastNs = burst.Packets[^1].TimestampNs;
        }

        return true;
    }

    void Refill(OpenCapture capture)
    {
        if (!capture.Refill(ref outliers))
        {
            Close(capture);
        }
        else if (capture.IsDrained)
        {
            drained = capture; // a pipe that has nothing yet
        }
        else
        {
            heads.Enqueue(capture, (capture.HeadNs, capture.Order));
        }
    }

    void Open()
    {
        var order = next++;
        try
        {
            var window = open.Count < ManyOpen ? CaptureWindow.DefaultCapacity : SmallWindow;
            var capture = new OpenCapture(captures[order], order, meter, window, Stop);
            open.Add(capture);
            Name(capture);
            Refill(capture);
        }
        catch (CaptureException e)
        {
            outcomes.Add(new(captures[order].Name, e.Message, IsReadable: false) { SkippedBecause = e.Reason });
        }
    }

    void Name(OpenCapture capture)
    {
        named = capture;
        begin?.Invoke(capture.Name);
    }

    void Close(OpenCapture capture)
    {
        outcomes.Add(capture.Outcome);
        open.Remove(capture);
        capture.Dispose();
        named = named == capture ? null : named;
    }

    /// <summary>
    /// Hands over the earliest packets of all open captures, up to where one must be polled again, another begins, or
    /// the clock was set.
    /// </summary>
    void Merge(PacketBurst burst)
    {
        (burst.Outliers, outliers) = (outliers, 0);
        while (!burst.IsFull && drained is null && heads.TryDequeue(out var capture, out _))
        {
            TakeRun(capture, burst);
            if (capture.IsDrained)
            {
                drained = capture;
                break;
            }

            heads.Enqueue(capture, (capture.HeadNs, capture.Order));
            if (IsNextDue || (burst.Count > 0 && IsStep(heads.Peek().HeadNs)))
            {
                break;
            }
        }

        isDirty |= burst.Count > 0;
    }

    /// <summary>Takes a capture's packets for as long as they are the earliest.</summary>
    void TakeRun(OpenCapture capture, PacketBurst burst)
    {
        var isAlone = !heads.TryPeek(out _, out var other);
        var isNumbered = open.Count == 1;
        while (!capture.IsDrained && !burst.IsFull && IsBeforeNext(capture.HeadNs)
            && (isAlone || (capture.HeadNs, capture.Order).CompareTo(other) < 0))
        {
            if (IsStep(capture.HeadNs))
            {
                if (burst.Count > 0)
                {
                    return;
                }

                burst.BeginEpoch();
            }

            ref readonly var packet = ref capture.Take();
            lastNs = packet.TimestampNs;
            burst.Add(isNumbered ? packet : packet.WithoutNumber());
        }
    }

    /// <summary>
    /// Determines whether a time lies before the next capture begins; each does where nobody knows when that is, or
    /// none comes. No time stands for that: a packet may have the last one that there is.
    /// </summary>
    bool IsBeforeNext(long timestampNs) =>
        next == captures.Count || captures[next].FirstTimestampNs <= 0 || timestampNs < captures[next].FirstTimestampNs;

    /// <summary>Determines whether a time is so far from the one before it that the clock was set.</summary>
    bool IsStep(long timestampNs) => lastNs >= 0
        && (timestampNs - lastNs >= PacketClock.MinStepNs || timestampNs < lastNs - PacketClock.MaxBehindNs);
}
