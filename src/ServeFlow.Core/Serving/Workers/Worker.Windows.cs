using System.Diagnostics;
using System.Runtime.CompilerServices;
using ServeFlow.Cascade;
using ServeFlow.Flows;

namespace ServeFlow.Serving.Workers;

/// <summary>Classifies windows of flows: passes a flow from one window to the next. docs/windows.md.</summary>
public sealed partial class Worker
{
    /// <summary>
    /// The flow is undecided again and its headers are gathered anew. What the window before has gathered was closed by
    /// its deadline: where it still waits for its batch it goes on alone, and its answer is a record and no more.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    void BeginWindow(int index, ref Flow flow, long packetNumber)
    {
        var tunnelIndex = DecisionTag.IsDecided(flow.Tag) ? flow.TunnelIndex : Detach(flow.PendingSlot);
        flow.Tag = 0;
        Admit(index, ref flow, tunnelIndex, packetNumber);
    }

    /// <summary>Parts what a window has gathered from its flow; returns the index of the flow's tunnel.</summary>
    int Detach(int slot)
    {
        ref var before = ref pending[slot];
        Debug.Assert(before.Unit.IsClosed, "no deadline lies beyond its window");
        before.FlowIndex = PendingFlow.Detached;
        return before.TunnelIndex;
    }

    /// <summary>The last packet time that is waited for, however patient a tier is: none beyond the window.</summary>
    long MaxDeadlineNs(in PendingFlow state) =>
        lanes[state.Lane]!.Rule.LimitNs(flows[state.FlowIndex].FirstNs, state.Unit.FirstNs);
}
