using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Scoring;

/// <summary>Holds what waiting for a flow has brought.</summary>
/// <param name="Packets">The number of packets that were seen.</param>
/// <param name="ReadyNs">When waiting ended, nanoseconds after the flow's first packet.</param>
/// <param name="IsTimedOut">Whether its escalation timeout came first: no tier waits for it any more.</param>
readonly record struct WaitOutcome(int Packets, long ReadyNs, bool IsTimedOut = false);

/// <summary>Computes how long flows have to be waited for, and what waiting brings.</summary>
/// <param name="limit">The time after which no flow is waited for.</param>
sealed class FlowWaits(FlowSample flows, TimeSpan limit)
{
    public FlowSample Flows => flows;

    public long LimitNs { get; } = limit.Ticks * TimeSpan.NanosecondsPerTick;

    /// <inheritdoc cref="WaitTime.Compute(FlowSample, int, int, long)"/>
    public WaitOutcome WaitFor(int position, int depth, long dueNs)
    {
        var (packets, readyNs) = WaitTime.Compute(flows, position, depth, dueNs);
        return new(packets, readyNs);
    }

    /// <summary>The flow goes on from a tier that is unsure of it to the next.</summary>
    /// <param name="position">The flow's position among these.</param>
    /// <param name="at">As it reached that tier.</param>
    /// <param name="depth">Packets that the tier waits for.</param>
    /// <param name="nextDepth">Packets that the next one waits for.</param>
    /// <param name="timeoutNs">The escalation timeout, in nanoseconds.</param>
    public WaitOutcome WaitForNextTier(int position, WaitOutcome at, int depth, int nextDepth, long timeoutNs)
    {
        if (at.IsTimedOut)
        {
            return at;
        }

        var waits = at.Packets == depth && nextDepth > depth && timeoutNs < LimitNs - at.ReadyNs;
        var dueNs = waits ? at.ReadyNs + timeoutNs : LimitNs;
        var next = WaitFor(position, nextDepth, dueNs);
        return next with { IsTimedOut = waits && next.Packets < nextDepth && next.ReadyNs == dueNs };
    }
}
