using System.Diagnostics;
using System.Runtime.CompilerServices;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Workers;

/// <summary>Ends the wait of flows: by a deadline, for want of room, or because the flow ends.</summary>
public sealed partial class Worker
{
    /// <summary>Gets the memory of the flow table, and the most that it can come to, in bytes.</summary>
    public (long Bytes, long Limit) Table => (flows.TableBytes, flows.LimitBytes);

    /// <summary>Gets the number of flows that wait for their answer.</summary>
    public int Undecided => pending.Count;

    /// <summary>
    /// Counts wrong times, and ends all flows where the clock was set: the packets behind are like another capture.
    /// </summary>
    void CheckClock()
    {
        flows.Events.Count(FlowEvent.ClockOutlier, burst.Outliers);
        flows.Events.Count(FlowEvent.ClockStep, burst.Steps);
        if (burst.BeginsEpoch)
        {
            EndAll();
        }
    }

    void EndAll()
    {
        flows.EndAll(EndReason.ForcedEnd);
        ScoreAndFlush();
        shadow?.ScoreAndFlush();
        flows.Reset();
    }

    /// <summary>
    /// Time passes without a packet: what is due is answered, and what is over ends.
    /// </summary>
    void AdvanceTime(long nowNs)
    {
        AnswerDue(nowNs);
        flows.Advance(nowNs);
        shadow?.FollowTime(nowNs);
    }

    /// <summary>Answers the flows whose deadline passes before time moves on.</summary>
    void AnswerDue(long nowNs)
    {
        if (batchDeadlineNs < nowNs)
        {
            ScoreAndFlush(); // whoever still stands in a batch is to be waited for less long than that, or not at all
        }

        if (pending.NextDeadlineNs < nowNs)
        {
            AnswerOverdue(nowNs);
        }
    }

    /// <summary>
    /// Deadlines of undecided flows have passed by now. Flows that ended before a deadline end first.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    void AnswerOverdue(long nowNs)
    {
        while (pending.NextDeadlineNs < nowNs)
        {
            var slot = pending.NextDueSlot;
            if (pending[slot].IsQueued || reorderBuffer.IsFull)
            {
                ScoreAndFlush(); // it may be decided already, waiting only for its batch
                continue;
            }

            var (flow, dueNs) = (pending[slot].FlowIndex, pending[slot].DeadlineNs);
            Debug.Assert(followed is null || dueNs <= flows.NowNs, "a follower never moves the table's time");
            flows.Advance(dueNs);
            if (slot != pending.NextDueSlot)
            {
                continue;
            }

            if (flows.EndNs(flow) is var endNs && endNs >= dueNs)
            {
                Close(slot, DecisionReason.WaitTimeout, dueNs);
                Enqueue(slot);
            }
            else if (followed is null)
            {
                flows.EndOver(flow);
            }
            else
            {
                EndFollowed(flow, endNs);
            }
        }
    }

    /// <summary>
    /// No room for one more undecided flow: those that have waited longest are answered with what they have, as many
    /// at once as make a batch worth scoring.
    /// </summary>
    void AnswerOldest()
    {
        ScoreAndFlush(); // some may be decided already, waiting only for their batches
        if (!pending.IsFull)
        {
            return;
        }

        for (var left = overloadAnswers; left > 0 && pending.Oldest >= 0; left--)
        {
            MakeRoom();
            var slot = pending.Oldest;
            Close(slot, DecisionReason.Overload, flows.NowNs);
            Enqueue(slot);
        }

        ScoreAndFlush();
    }

    /// <summary>An ended flow is answered first, if it is not yet, and then reported.</summary>
    void Ended(int index, EndReason reason, long nowNs)
    {
        MakeRoom();
        ScoreDue(nowNs);
        ref var flow = ref flows[index];
        if (taskCount > 1)
        {
            EndTasks(index, ref flow, reason, nowNs);
            return;
        }

        if (DecisionTag.IsDecided(flow.Tag))
        {
            Report(flow, flow.TunnelIndex, reason, nowNs);
            return;
        }

        var slot = flow.PendingSlot;
        ref var state = ref pending[slot];
        if (state.IsAway)
        {
            EndAway(lanes[state.Lane]!, ref flow, slot, reason, nowNs);
            return;
        }

        CloseEnded(slot, nowNs);
        state.EndRecordIndex = Report(flow, state.TunnelIndex, reason, nowNs);
        Enqueue(slot);
    }

    /// <summary>
    /// The sides of a flow are about to be exchanged. What stands in batches is answered first, from what its tiers
    /// were to see; then the kept packets go the other way.
    /// </summary>
    void Turning(int index, ref Flow flow)
    {
        if (DecisionTag.IsDecided(flow.Tag))
        {
            return;
        }

        ScoreAndFlush();
        if (taskCount > 1)
        {
            TurnTasks(index, flow);
        }
        else if (!DecisionTag.IsDecided(flow.Tag))
        {
            TurnKept(flow.PendingSlot);
        }
    }

    /// <summary>The kept packets of an undecided flow go the other way; not those that a remote tier has already.
    /// </summary>
    void TurnKept(int slot)
    {
        ref readonly var state = ref pending[slot];
        if (!state.IsAway)
        {
            lanes[state.Lane]!.Turn(slot, state.Unit.Packets);
        }
    }

    int Report(in Flow flow, int tunnelIndex, EndReason reason, long nowNs)
    {
        var place = reorderBuffer.ReserveSlot(flow, tunnels.Get(tunnelIndex), nowNs);
        reorderBuffer[place].Kind = RecordKind.End;
        reorderBuffer[place].EndReason = reason;
        tunnels.Remove(tunnelIndex);
        return place;
    }

    /// <summary>Waiting is over: the tiers still to come will score the packets that are there.</summary>
    void Close(int slot, DecisionReason reason, long atNs)
    {
        pending.Close(slot);
        ref var state = ref pending[slot];
        lanes[state.Lane]!.Close(slot, state.Unit.Packets);
        state.CloseReason = reason;
        state.CloseRecordIndex =
            reorderBuffer.ReserveSlot(flows[state.FlowIndex], tunnels.Get(state.TunnelIndex), atNs);
    }

    /// <summary>A unit's flow has ended; but its wait may be over before, or at once, and then that is why.</summary>
    /// <param name="endNs">Packet time of the end.</param>
    void CloseEnded(int slot, long endNs)
    {
        ref readonly var state = ref pending[slot];
        if (state.Unit.IsClosed)
        {
            return;
        }

        if (state.DeadlineNs <= endNs)
        {
            Close(slot, DecisionReason.WaitTimeout, state.DeadlineNs);
        }
        else
        {
            Close(slot, DecisionReason.FlowEnded, endNs);
        }
    }

    /// <summary>A flow has ended that may stand in a batch: where its wait may be over by then, it is scored, and how
    /// long it is waited for is known.</summary>
    void ScoreDue(long endNs)
    {
        if (batchDeadlineNs <= endNs)
        {
            ScoreAndFlush();
        }
    }

    /// <summary>Tells the worker which flows end; a struct, so that the table's call is direct.</summary>
    readonly struct FlowEnds(Worker worker) : IFlowListener
    {
        public void Ended(int index, ref Flow flow, EndReason reason, long nowNs)
        {
            worker.Ended(index, reason, nowNs);
            worker.shadow?.EndFollowed(index, nowNs);
        }

        public void Turning(int index, ref Flow flow)
        {
            worker.Turning(index, ref flow);
            worker.shadow?.TurnFollowed(index);
        }
    }
}
