using System.Runtime.CompilerServices;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Drift;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;
using ServeFlow.Sinks;
using ServeFlow.Units;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Answers several tasks over the same flows. The headers of a packet are kept once, for as many packets as any task
/// still waits for; each task scores, escalates and gives up waiting by itself, and its answer is a record of its own.
/// A flow counts as decided when all its tasks have answered. docs/tasks.md.
/// </summary>
public sealed partial class Worker
{
    readonly int taskCount;

    /// <summary>
    /// Holds, by flow and task, what a flow keeps of each answer; 0 until there is one. Null where there is one task.
    /// </summary>
    readonly NativeBlock<ulong>? answers;

    /// <param name="tasks">The plan that answers each task first, as <see cref="TaskSet"/> makes them.</param>
    /// <param name="plans">The plans of the process, of which these are the first.</param>
    public Worker(IReadOnlyList<CascadePlan> tasks, WorkerOptions options, IRecordSink sink, ServedPlans plans)
        : this(tasks, options, sink, null, plans, 0, [])
    {
    }

    /// <summary>Makes a lane for each task, all with the same headers, and lets them in.</summary>
    LaneChoice CreateLanes(IReadOnlyList<CascadePlan> tasks, int model, IReadOnlyList<DriftCounter?> drifts)
    {
        foreach (var plan in tasks)
        {
            PlanLimits.Check(plan);
        }

        if (taskCount > 1)
        {
            headers = new(tasks.Max(plan => plan.Tiers[^1].PacketDepth), tasks.Max(plan => plan.Tiers.Count),
                maxUndecided, taskCount);
        }

        var first = new LaneChoice(CreateLane(tasks[0], model))
        {
            Further = [.. tasks.Skip(1).Select((plan, i) => CreateLane(plan, model + i + 1, i + 1))],
        };
        _ = first.All.All(TryEnter);
        foreach (var (drift, lane) in drifts.Zip(first.All))
        {
            lane.Drift = drift;
        }

        return first;
    }

    /// <summary>A new flow waits for the answer of each task, but of those whose training knew nothing of its protocol.
    /// </summary>
    void AdmitTasks(int index, ref Flow flow, int tunnelIndex, long packetNumber)
    {
        var (first, left) = (-1, 0);
        for (var task = 0; task < taskCount; task++)
        {
            Account.CountUnit();
            var lane = task == 0 ? choice.Choose(flow.Key) : choice.Further[task - 1];
            if (lane.Protocols is { } protocols && !protocols.Include(flow.Key.IpVersion, flow.Key.Protocol))
            {
                AnswerAt(index, task) = AnswerUnknownProtocol(lane, flow, tunnelIndex, packetNumber);
                continue;
            }

            AnswerAt(index, task) = 0;
            first = first < 0 ? OpenTasks() : first;
            AdmitTask(pending.SlotOf(first, task), index, flow, tunnelIndex, lane);
            left++;
        }

        if (left == 0)
        {
            (flow.Tag, flow.TunnelIndex) = (AnswerAt(index, 0), tunnelIndex);
            return;
        }

        choice.Main.Headers.Prefault(first);
        flow.PendingSlot = first;
        pending.SetTasksLeft(first, left);
    }

    int OpenTasks()
    {
        if (pending.IsFull)
        {
            AnswerOldest();
        }

        var slot = pending.Open();
        choice.Main.Prefetch(pending.NextFree, 0); // for the next new flow
        return slot;
    }

    void AdmitTask(int slot, int index, in Flow flow, int tunnelIndex, PlanLane lane)
    {
        lane.Waiting[0]++;
        comparison?.Bind(slot, isShadow: followed is not null);
        pending.Fill(slot, index, tunnelIndex, lane.Number, CollectionRule.Begin(flow),
            lane.Rule.WaitLimitNs(flow.LastNs));
        if (rule.HasWindows || hasWaitLimits)
        {
            pending.SetDeadline(slot, MaxDeadlineNs(pending[slot]));
        }
    }

    /// <summary>Keeps the packet's headers once, for every task that still takes packets.</summary>
    void CollectForTasks(int index, ref Flow flow, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        var first = flow.PendingSlot; // a flow that its last task answers keeps something else there
        ref var kept = ref Unsafe.NullRef<HeaderRecord>();
        for (var task = 0; task < taskCount; task++)
        {
            if (DecisionTag.IsDecided(AnswerAt(index, task)))
            {
                continue;
            }

            var slot = pending.SlotOf(first, task);
            ref var state = ref pending[slot];
            var lane = lanes[state.Lane]!;
            if (lane.Rule.Takes(state.Unit))
            {
                kept = ref Keep(ref state.Unit, ref lane.Headers.Room(slot, state.Unit.Packets), ref kept, flow,
                    packet, headers, forward);
                TakeKept(slot, ref state, lane, flow, packet.Number, flow.IsClosed);
            }
        }
    }

    /// <summary>
    /// Keeps a packet's headers for the first task that takes them. Others read the same memory; but a plan that needed
    /// more room came with memory of its own, and gets a copy.
    /// </summary>
    /// <param name="room">The task's place for the headers.</param>
    /// <param name="kept">The place where they were kept for an earlier task, or none.</param>
    /// <returns>The place where they are kept.</returns>
    static ref HeaderRecord Keep(scoped ref UnitState unit, ref HeaderRecord room, ref HeaderRecord kept,
        scoped in Flow flow, scoped in PacketSlot packet, scoped in PacketHeaders headers, bool forward)
    {
        if (Unsafe.IsNullRef(ref kept))
        {
            CollectionRule.Keep(ref unit, flow, packet, headers, forward, out room);
            return ref room;
        }

        CollectionRule.Follow(ref unit, packet);
        if (!Unsafe.AreSame(ref room, ref kept))
        {
            room = kept;
        }

        return ref kept;
    }

    /// <summary>Leaves a task's answer with the flow, which is decided when it was the last one.</summary>
    void RecordTaskAnswer(int task, in PendingFlow state, ulong tag)
    {
        if (state.EndRecordIndex >= 0)
        {
            SetAnswer(ref reorderBuffer[state.EndRecordIndex], task, tag);
            return;
        }

        AnswerAt(state.FlowIndex, task) = tag;
        for (var other = 0; other < taskCount; other++)
        {
            if (!DecisionTag.IsDecided(AnswerAt(state.FlowIndex, other)))
            {
                return;
            }
        }

        ref var flow = ref flows[state.FlowIndex];
        flow.Tag = AnswerAt(state.FlowIndex, 0);
        flow.TunnelIndex = state.TunnelIndex;
    }

    /// <summary>The tasks that have not answered an ended flow do so first; then its end is reported with all answers.
    /// </summary>
    void EndTasks(int index, ref Flow flow, EndReason reason, long nowNs)
    {
        var (isDecided, first, tunnelIndex) = (DecisionTag.IsDecided(flow.Tag), flow.PendingSlot, flow.TunnelIndex);
        for (var task = 0; task < taskCount && !isDecided; task++)
        {
            var slot = pending.SlotOf(first, task);
            if (DecisionTag.IsDecided(AnswerAt(index, task)))
            {
                continue;
            }

            tunnelIndex = pending[slot].TunnelIndex;
            CloseEnded(slot, nowNs);
        }

        var place = Report(flow, tunnelIndex, reason, nowNs);
        for (var task = 0; task < taskCount; task++)
        {
            SetAnswer(ref reorderBuffer[place], task, AnswerAt(index, task));
            if (!DecisionTag.IsDecided(AnswerAt(index, task)))
            {
                pending[pending.SlotOf(first, task)].EndRecordIndex = place;
                Enqueue(pending.SlotOf(first, task));
            }
        }
    }

    /// <summary>The kept headers of a flow whose sides are exchanged go the other way, each memory once.</summary>
    void TurnTasks(int index, in Flow flow)
    {
        for (var task = 0; task < taskCount && !DecisionTag.IsDecided(flow.Tag); task++)
        {
            var kept = KeptOf(index, flow, task);
            var isTurned = false;
            for (var earlier = 0; earlier < task; earlier++)
            {
                isTurned |= kept == KeptOf(index, flow, earlier);
            }

            if (!isTurned)
            {
                HeaderRecord.Turn(kept);
            }
        }
    }

    /// <summary>Gets the headers that were kept for a task; none where it has answered.</summary>
    Span<HeaderRecord> KeptOf(int index, in Flow flow, int task)
    {
        var slot = pending.SlotOf(flow.PendingSlot, task);
        return DecisionTag.IsDecided(AnswerAt(index, task)) ? []
            : lanes[pending[slot].Lane]!.Headers.Kept(slot, pending[slot].Unit.Packets);
    }

    static void SetAnswer(ref FlowRecord record, int task, ulong tag)
    {
        if (task == 0)
        {
            record.Flow.Tag = tag;
        }
        else
        {
            record.FurtherTags[task - 1] = tag;
        }
    }

    ref ulong AnswerAt(int flow, int task) => ref answers![((long)flow * taskCount) + task];
}
