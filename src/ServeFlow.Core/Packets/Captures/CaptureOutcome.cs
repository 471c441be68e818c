namespace ServeFlow.Packets.Captures;

/// <summary>Reports the outcome of reading one capture.</summary>
/// <param name="Name">As records name it.</param>
/// <param name="Problem">One line on what was wrong with it; null where nothing was.</param>
/// <param name="IsReadable">Whether at least one packet came out of it, or it is whole and empty.</param>
public sealed record CaptureOutcome(string Name, string? Problem, bool IsReadable)
{
    /// <summary>Gets the number of packets that came out of it.</summary>
    public long Packets { get; init; }

    /// <summary>Gets why it could not be opened: it is gone, or no capture. Null where it could.</summary>
    public SkipReason? SkippedBecause { get; init; }

    /// <summary>Gets whether it could be opened: it is there, and it is a capture.</summary>
    public bool IsOpened => SkippedBecause is null;

    /// <summary>Returns this outcome, for a reader to whom a file that is no capture is an error.</summary>
    /// <exception cref="InputException">The capture could not be opened.</exception>
    public CaptureOutcome ThrowIfNotOpened() => IsOpened ? this : throw new InputException(Problem ?? Name);
}
