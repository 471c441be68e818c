using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Scoring;

/// <summary>What waiting for a flow has brought.</summary>
/// <param name="Packets">That were seen.</param>
/// <param name="ReadyNs">When waiting ended, nanoseconds after the flow's first packet.</param>
/// <param name="IsTimedOut">Patience with it was over before it was: no tier waits for it any more.</param>
readonly record struct WaitOutcome(int Packets, long ReadyNs, bool IsTimedOut = false);

/// <summary>How some flows of a data set can be waited for.</summary>
/// <param name="data">Where they are.</param>
/// <param name="flows">Places in <see cref="DataSet.Flows"/>.</param>
/// <param name="limit">After which no flow is waited for.</param>
sealed class FlowWaits(DataSet data, IReadOnlyList<int> flows, TimeSpan limit)
{
    public int Flows => flows.Count;

    public long LimitNs { get; } = limit.Ticks * TimeSpan.NanosecondsPerTick;

    /// <inheritdoc cref="WaitTime.Compute(DataSet, int, int, long)"/>
    /// <param name="place">Of the flow among these.</param>
    public WaitOutcome WaitFor(int place, int depth, long dueNs)
    {
        var (packets, readyNs) = WaitTime.Compute(data, flows[place], depth, dueNs);
        return new(packets, readyNs);
    }

    /// <summary>The flow goes on from a tier that is unsure of it to the next.</summary>
    /// <param name="at">As it reached that tier.</param>
    /// <param name="depth">Packets that the tier waits for.</param>
    /// <param name="nextDepth">Packets that the next one waits for.</param>
    /// <param name="patienceNs">How long it waits for them.</param>
    public WaitOutcome WaitForNextTier(int place, WaitOutcome at, int depth, int nextDepth, long patienceNs)
    {
        if (at.IsTimedOut)
        {
            return at;
        }

        var waits = at.Packets == depth && nextDepth > depth && patienceNs < LimitNs - at.ReadyNs;
        var dueNs = waits ? at.ReadyNs + patienceNs : LimitNs;
        var next = WaitFor(place, nextDepth, dueNs);
        return next with { IsTimedOut = waits && next.Packets < nextDepth && next.ReadyNs == dueNs };
    }
}
