using ServeFlow.Flows;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>
/// Represents a label row looking for its flow among those of one capture. A row with a time takes the flow that
/// begins nearest to it, within the tolerance, and no other; a row without one takes the first flow of its five-tuple.
/// </summary>
/// <param name="toleranceNs">How far the row's time may be off.</param>
sealed class RowMatch(LabelRow row, long toleranceNs)
{
    /// <summary>Limits how far a time may be off that means its flow and no other.</summary>
    const long ExactNs = 1_000_000;

    readonly List<(long Off, int Candidate)> within = [];

    public LabelRow Row => row;

    /// <summary>Gets or sets the rows of the same five-tuple.</summary>
    public RowGroup? Group { get; set; }

    /// <summary>Gets whether flows of its five-tuple were seen, but none that begins at the row's time.</summary>
    public bool IsAtOtherTime => !IsMatched && row.FirstNs is not null
        && (NearestNs is not null || (row.Icmp is null && Group is { HasFlow: true }));

    /// <summary>Found its flow, in this capture or an earlier one.</summary>
    public bool IsMatched { get; private set; }

    /// <summary>
    /// Gets how much later than the row says the nearest flow of its five-tuple begins, in ns; null where there is
    /// none.
    /// </summary>
    public long? NearestNs { get; private set; }

    /// <summary>Gets the shifts of time by which the row meets a flow of its five-tuple.</summary>
    public UInt128 Shifts { get; private set; }

    /// <summary>
    /// Gets whether several flows begin within the tolerance, none of them exactly when the row says: the nearest is a
    /// guess.
    /// </summary>
    public bool IsGuess { get; private set; }

    /// <summary>Determines whether the row may take the flow, as things stand.</summary>
    /// <param name="firstNs">Capture time of the flow's first packet, which the flow table may have corrected.</param>
    public bool TryMatch(in Flow flow, long firstNs, int candidate)
    {
        if (IsMatched || (row.FirstNs is null && within.Count > 0) || (row.Icmp is { } kind && !kind.Matches(flow)))
        {
            return false;
        }

        var off = OffsetOf(flow, firstNs);
        if (off > toleranceNs)
        {
            return false;
        }

        within.Add((off, candidate));
        return true;
    }

    /// <summary>
    /// Returns the candidate that is the row's, or −1: the nearest that no other row has, or else the nearest. A row of
    /// the same time has no other flow, unless two begin at the same distance.
    /// </summary>
    /// <param name="takenBy">Gives the row that has a candidate; null where none has.</param>
    public int Resolve(Func<int, LabelRow?> takenBy)
    {
        if (within.Count == 0)
        {
            return -1;
        }

        within.Sort();
        (IsMatched, IsGuess) = (true, within.Count > 1 && within[0].Off > ExactNs);
        var found = within.FindIndex(flow => MayTake(flow.Off, takenBy(flow.Candidate), takenBy));
        var candidate = within[Math.Max(0, found)].Candidate;
        within.Clear();
        return candidate;
    }

    bool MayTake(long off, LabelRow? other, Func<int, LabelRow?> takenBy) => other is null
        || (other.Value.FirstNs == row.FirstNs
            && !within.Exists(flow => flow.Off == off && takenBy(flow.Candidate) is null));

    /// <summary>Returns how far from the row's time the flow begins.</summary>
    long OffsetOf(in Flow flow, long firstNs)
    {
        if (row.FirstNs is not { } time)
        {
            return 0;
        }

        var (off, captured) = (flow.FirstNs - time, firstNs - time);
        off = Math.Abs(captured) < Math.Abs(off) ? captured : off;
        NearestNs = NearestNs is { } nearest && Math.Abs(nearest) <= Math.Abs(off) ? nearest : off;
        Shifts |= TimeShift.Find(off, toleranceNs);
        return Math.Abs(off);
    }
}
