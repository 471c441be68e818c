namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Holds when flows have the packets that some candidates wait for: candidates of one depth share them.
/// </summary>
sealed class WaitTimes
{
    public WaitTimes(IReadOnlyList<long> readyNs)
    {
        Ns = [.. readyNs];
        Steps = [.. Ns.Select(ns => TimeScale.ToStep(ns / 1e6))];
    }

    /// <summary>Gets the times by flow, in nanoseconds after its first packet.</summary>
    public long[] Ns { get; }

    /// <summary>Gets the same by <see cref="TimeScale"/>.</summary>
    public byte[] Steps { get; }

    /// <summary>
    /// Groups the times of candidates in their order, equal neighbours once, and gives the position of each
    /// candidate's.
    /// </summary>
    public static (IReadOnlyList<WaitTimes> Groups, int[] Places) GroupByTimes(IReadOnlyList<TierCandidate> candidates)
    {
        var groups = new List<WaitTimes>();
        var places = new int[candidates.Count];
        foreach (var (number, candidate) in candidates.Index())
        {
            if (groups.Count == 0 || !groups[^1].Ns.SequenceEqual(candidate.ReadyNs))
            {
                groups.Add(new(candidate.ReadyNs));
            }

            places[number] = groups.Count - 1;
        }

        return (groups, places);
    }
}
