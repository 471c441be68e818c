using ServeFlow.Flows;

namespace ServeFlow.Training.Datasets;

/// <summary>A label row looking for its flow among those of one capture.</summary>
sealed class RowMatch(LabelRow row)
{
    /// <summary>Limits how far a row's first_ts may be off: labelling tools round to milliseconds.</summary>
    const long ToleranceNs = 1_000_000;

    /// <summary>
    /// Limits how far outside a capture a first_ts may lie that is still looked for there: tools round to seconds.
    /// </summary>
    const long SlackNs = 1_000_000_000;

    int first = -1;
    int exact = -1;
    long exactDistance = long.MaxValue;

    public LabelRow Row => row;

    /// <summary>Found its flow, in this capture or an earlier one.</summary>
    public bool IsMatched { get; private set; }

    /// <summary>Determines whether the row may take the flow, as things stand.</summary>
    public bool TryMatch(in Flow flow, int candidate)
    {
        if (IsMatched || (row.Icmp is { } kind && !kind.Matches(flow)))
        {
            return false;
        }

        var distance = row.FirstNs is { } time ? Math.Abs(flow.FirstNs - time) : long.MaxValue;
        var isExact = distance <= ToleranceNs && distance < exactDistance;
        if (isExact)
        {
            (exact, exactDistance) = (candidate, distance);
        }

        var isFirst = first < 0;
        if (isFirst)
        {
            first = candidate;
        }

        return isExact || isFirst;
    }

    /// <summary>The candidate that is the row's, or −1: the one that begins when the row says, else the
    /// first.</summary>
    /// <param name="anyTime">Take the first even if the row's time lies outside the capture.</param>
    public int Resolve(long fromNs, long toNs, bool anyTime)
    {
        var isHere = anyTime || row.FirstNs is not { } time || (time >= fromNs - SlackNs && time <= toNs + SlackNs);
        var chosen = exact >= 0 ? exact : isHere ? first : -1;
        IsMatched = chosen >= 0;
        (first, exact, exactDistance) = (-1, -1, long.MaxValue);
        return chosen;
    }
}
