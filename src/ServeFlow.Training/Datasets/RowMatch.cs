using ServeFlow.Flows;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Is a label row looking for its flow among those of one capture. A row with a time takes the flow that begins nearest
/// to it, within the tolerance, and no other; a row without one takes the first flow of its five-tuple.
/// </summary>
/// <param name="toleranceNs">How far the row's time may be off.</param>
sealed class RowMatch(LabelRow row, long toleranceNs)
{
    readonly List<int> chosen = new(1);
    long distance = long.MaxValue;

    public LabelRow Row => row;

    /// <summary>Found its flow, in this capture or an earlier one.</summary>
    public bool IsMatched { get; private set; }

    /// <summary>
    /// Gets how much later than the row says the nearest flow of its five-tuple begins, in ns; null where there is
    /// none.
    /// </summary>
    public long? NearestNs { get; private set; }

    /// <summary>Gets the shifts of time by which the row meets a flow of its five-tuple.</summary>
    public UInt128 Shifts { get; private set; }

    /// <summary>Determines whether the row may take the flow, as things stand.</summary>
    /// <param name="firstNs">Capture time of the flow's first packet, which the flow table may have corrected.</param>
    public bool TryMatch(in Flow flow, long firstNs, int candidate)
    {
        if (IsMatched || (row.Icmp is { } kind && !kind.Matches(flow)))
        {
            return false;
        }

        var off = OffsetOf(flow, firstNs);
        if (Math.Abs(off) > Math.Min(toleranceNs, distance) || (row.FirstNs is null && chosen.Count > 0))
        {
            return false;
        }

        if (Math.Abs(off) < distance)
        {
            distance = Math.Abs(off);
            chosen.Clear();
        }

        chosen.Add(candidate);
        return true;
    }

    /// <summary>
    /// Returns the candidate that is the row's, or −1. Of several that begin at the same distance it is the first that
    /// no row has taken.
    /// </summary>
    public int Resolve(Func<int, bool> isTaken)
    {
        var first = chosen.Count == 0 ? -1 : chosen.FirstOrDefault(candidate => !isTaken(candidate), chosen[0]);
        IsMatched = first >= 0;
        chosen.Clear();
        distance = long.MaxValue;
        return first;
    }

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
        return off;
    }
}
