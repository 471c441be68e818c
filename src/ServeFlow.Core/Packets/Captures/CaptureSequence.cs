namespace ServeFlow.Packets.Captures;

/// <summary>Reports the outcome of reading one capture.</summary>
/// <param name="Name">As records name it.</param>
/// <param name="Problem">One line on what was wrong with it; null where nothing was.</param>
/// <param name="IsReadable">Whether at least one packet came out of it, or it is whole and empty.</param>
public sealed record CaptureOutcome(string Name, string? Problem, bool IsReadable)
{
    /// <summary>Packets that came out of it.</summary>
    public long Packets { get; init; }

    /// <summary>Gets why it could not be opened: it is gone, or no capture. Null where it could.</summary>
    public SkipReason? SkippedBecause { get; init; }

    /// <summary>Gets whether it could be opened: it is there, and it is a capture.</summary>
    public bool IsOpened => SkippedBecause is null;

    /// <summary>Returns this outcome, for a reader to whom a file that is no capture is an error.</summary>
    /// <exception cref="InputException">The capture could not be opened.</exception>
    public CaptureOutcome ThrowIfNotOpened() => IsOpened ? this : throw new InputException(Problem ?? Name);
}

/// <summary>
/// Reads captures one after the other as one source, and says what became of each. Whoever reads captures reads them
/// through this. Between two of them it hands over an empty burst, so that the records of the one are out before the
/// next is named. One that cannot be opened is passed over.
/// </summary>
/// <param name="captures">The captures, at least one.</param>
/// <param name="meter">Told how far they have been read; null for nobody.</param>
public sealed class CaptureSequence(IReadOnlyList<CapturePath> captures, ReadMeter? meter = null) : IPacketSource
{
    readonly List<CaptureOutcome> outcomes = [];
    Action<string>? begin;
    CaptureFile? file;
    int next;
    long size;
    long metered;

    /// <summary>Gets the outcomes of the captures that have ended, in their order.</summary>
    public IReadOnlyList<CaptureOutcome> Outcomes => outcomes;

    /// <summary>
    /// Gets the outcome so far of the capture that is being read, or else of the one that ended last.
    /// </summary>
    public CaptureOutcome Latest => file is not null ? OutcomeOf(file)
        : outcomes is [.., var ended] ? ended : new(captures[0].Name, Problem: null, IsReadable: true);

    public bool HasBacklog => file is { HasBacklog: true };

    /// <summary>Sets what is called with the name of each capture before its first packet.</summary>
    public void OnCapture(Action<string> named) => begin = named;

    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        if (file is null && !Open())
        {
            return next < captures.Count;
        }

        var hasMore = file!.Poll(burst);

        // A compressed file yields more bytes than it has: it counts as read up to its size, the rest at its end.
        Meter(hasMore ? Math.Min(file.Bytes, size) : size);
        if (!hasMore)
        {
            outcomes.Add(OutcomeOf(file));
            Dispose();
        }

        return burst.Count > 0 || next < captures.Count;
    }

    public void Dispose()
    {
        file?.Dispose();
        file = null;
    }

    bool Open()
    {
        if (next == captures.Count)
        {
            return false;
        }

        var capture = captures[next++];
        try
        {
            file = CaptureFile.OpenFound(capture.Path);
            (size, metered) = (ReadMeter.Size(capture), 0);
            begin?.Invoke(capture.Name);
            return true;
        }
        catch (CaptureException e)
        {
            outcomes.Add(new(capture.Name, e.Message, IsReadable: false) { SkippedBecause = e.Reason });
            return false;
        }
    }

    CaptureOutcome OutcomeOf(CaptureFile capture) =>
        new(captures[next - 1].Name, capture.DescribeDamage(), !capture.IsUnreadable) { Packets = capture.Packets };

    void Meter(long position)
    {
        meter?.Add(position - metered);
        metered = position;
    }
}
