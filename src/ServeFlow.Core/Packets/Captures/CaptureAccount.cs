namespace ServeFlow.Packets.Captures;

/// <summary>
/// Counts what became of every file that a PATH names: each is a capture that was read, or was left out for a reason.
/// </summary>
/// <param name="skipped">The files that the search left out; those that cannot be opened any more are added.</param>
public sealed class CaptureAccount(SkippedFiles skipped)
{
    public CaptureAccount() : this(new())
    {
    }

    /// <summary>Gets the captures that were read, whole or damaged.</summary>
    public int Captures { get; private set; }

    /// <summary>Gets how many of them are damaged and gave no packet.</summary>
    public int Unreadable { get; private set; }

    public SkippedFiles Skipped { get; } = skipped;

    /// <summary>Counts a capture whose turn is over.</summary>
    public void Add(CaptureOutcome outcome)
    {
        if (outcome.SkippedBecause is { } reason)
        {
            Skipped.Add(reason, outcome.Problem ?? outcome.Name);
            return;
        }

        Captures++;
        Unreadable += outcome.IsReadable ? 0 : 1;
    }
}
