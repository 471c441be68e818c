namespace ServeFlow.Packets.Captures.Reading;

/// <summary>
/// Remembers a search for the next record over damage. It goes in slices, so that whoever polls can stop in between:
/// the next record may lie gigabytes ahead.
/// </summary>
sealed class DamageSearch(CaptureWindow window, DamageLog damage)
{
    /// <summary>Specifies the number of bytes that are searched, or passed over, before the source returns to its
    /// owner.</summary>
    public const long Slice = 1 << 24;

    DamageReason reason;
    long damagedAt;
    long sliceEnd;

    public bool IsRunning { get; private set; }

    /// <summary>Gets whether to return to the owner; the next slice begins then.</summary>
    public bool IsSliceOver
    {
        get
        {
            var isOver = window.Offset >= sliceEnd;
            sliceEnd = isOver ? window.Offset + Slice : sliceEnd;
            return isOver;
        }
    }

    /// <summary>Begins behind the first available byte, at which no record can begin.</summary>
    public void Begin(DamageReason why) => Begin(why, window.Offset, 1);

    /// <param name="why">What the damage is.</param>
    /// <param name="at">Offset at which it began.</param>
    /// <param name="known">Available bytes at which no record can begin.</param>
    public void Begin(DamageReason why, long at, int known)
    {
        (reason, damagedAt, IsRunning) = (why, at, true);
        window.Advance(known);
        sliceEnd = window.Offset + Slice;
    }

    /// <summary>A record begins at the first available byte.</summary>
    public void End(DamageReason why)
    {
        damage.Add(damagedAt, why, window.Offset);
        IsRunning = false;
    }

    /// <inheritdoc cref="End(DamageReason)"/>
    public void End() => End(reason);

    /// <summary>There is no further record.</summary>
    public void EndOfFile()
    {
        damage.Add(damagedAt, reason);
        window.Advance(window.Available.Length);
        IsRunning = false;
    }
}
