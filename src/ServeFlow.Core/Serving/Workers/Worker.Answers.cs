using System.Diagnostics;
using System.Runtime.CompilerServices;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Workers;

/// <summary>Answers undecided flows batch by batch, tier after tier.</summary>
public sealed partial class Worker
{
    /// <summary>Puts a flow in its next tier's batch, unless it stands there; a full batch is scored at once.</summary>
    void Enqueue(int slot)
    {
        ref var state = ref pending[slot];
        if (state.IsQueued)
        {
            return;
        }

        state.IsQueued = true;
        var lane = lanes[state.Lane]!;
        var tier = state.NextTier;
        if (lane.Timeouts[tier].IsLimited && !state.Unit.IsClosed)
        {
            batchDeadlineNs = Math.Min(batchDeadlineNs, ReachedNs(lane, slot, tier) + lane.Timeouts[tier].MinNs);
        }

        lane.Batches[tier].Add(slot);
        if (lane.Batches[tier].IsFull)
        {
            Score(lane, tier);
        }
    }

    /// <summary>
    /// Scores whatever has gathered and ships the records. Ascending order settles everything: a tier passes flows
    /// on to later tiers only. Afterwards every undecided flow waits for packets.
    /// </summary>
    void ScoreAndFlush()
    {
        foreach (var lane in lanes.AsSpan(0, laneCount))
        {
            for (var tier = 0; tier < lane?.Batches.Length; tier++)
            {
                Score(lane, tier);
            }
        }

        batchDeadlineNs = long.MaxValue;
        reorderBuffer.Flush(sink);
        Account.SetWaiting(lanes.AsSpan(0, laneCount));
        Account.SetTableCounts(flows.Tracked, flows.Created, flows.Active, pending.Count);
    }

    void Score(PlanLane lane, int tier)
    {
        var batches = lane.Batches;
        if (batches[tier].IsEmpty)
        {
            return;
        }

        if (lane.Away is { } away && tier == batches.Length - 1)
        {
            SendAway(lane, away);
            return;
        }

        var start = Stopwatch.GetTimestamp(); // of a batch, for metrics alone: no answer depends on it
        var slots = comparison is null ? batches[tier].Score(pending, lane)
            : followed is null ? comparison.ScoreMain(lane, tier, pending)
            : comparison.ScoreShadow(lane, tier, pending);
        Account.CountBatch(lane.Model, lane.TierNumbers[tier], slots.Length, Stopwatch.GetElapsedTime(start));
        for (var i = 0; i < slots.Length; i++)
        {
            PrefetchAnswer(lane, slots[i..], tier);
            ref readonly var decision = ref batches[tier].Decide(i);
            if (!decision.Escalate || tier + 1 == batches.Length)
            {
                Answer(lane, slots[i], tier, decision, Reason(lane, tier));
            }
            else if (shedding.ShouldShed(decision))
            {
                Account.CountShed(lane.TierNumbers[tier]);
                Answer(lane, slots[i], tier, decision, DecisionReason.Overload);
            }
            else
            {
                Escalate(lane, slots[i], tier + 1, decision.LabelId);
            }
        }
    }

    /// <summary>Unsure: the next tier scores the flow on the packets it has, or the flow waits for its depth.</summary>
    /// <param name="label">The unsure answer: some are worth a shorter wait than others.</param>
    void Escalate(PlanLane lane, int slot, int tier, int label)
    {
        ref var state = ref pending[slot];
        state.NextTier = tier;
        state.IsQueued = false;
        lane.Waiting[tier - 1]--;
        lane.Waiting[tier]++;
        if (state.Unit.IsClosed || state.Unit.Packets >= lane.Depths[tier])
        {
            Enqueue(slot);
        }
        else if (lane.Timeouts[0].IsLimited)
        {
            var dueNs = lane.Timeouts[tier - 1].DeadlineNs(ReachedNs(lane, slot, tier - 1), label);
            pending.SetDeadline(slot, Math.Min(dueNs, MaxDeadlineNs(state)));
        }
    }

    /// <summary>
    /// Sure, or there is nobody left to ask, or no time: the flow is decided and its packets are forgotten.
    /// </summary>
    /// <param name="reason">Why; for a flow that was closed early that is the reason, unless time ran short.</param>
    [MethodImpl(MethodImplOptions.NoInlining)] // by itself, as a packet's turn is
    void Answer(PlanLane lane, int slot, int tier, in TierDecision decision, DecisionReason reason)
    {
        ref var state = ref pending[slot];
        var depth = lane.Depths[tier];
        var packets = Math.Min(state.Unit.Packets, depth);
        var isEarly = state.Unit.Packets < depth;
        ref var record = ref reorderBuffer[AnswerPlace(lane, slot, tier)];
        record.Kind = RecordKind.Prediction;
        record.Model = lane.Model;
        record.Classification = new()
        {
            TopLabels = decision.TopLabels,
            TopConfidences = decision.TopConfidences,
            Tier = tier,
            Reason = isEarly && reason is not (DecisionReason.Overload or DecisionReason.TierUnavailable)
                ? state.CloseReason : reason,
            Uncertainty = decision.Uncertainty,
            Threshold = decision.Threshold,
            PacketsUsed = packets,
            FirstNs = state.Unit.FirstNs,
            DecidedNs = record.TimestampNs,
            Revision = 1,
        };
        if (lane.Rows is null)
        {
            lane.Batches[tier].ScoreNovelty(decision, lane.Headers.Kept(slot, packets), ref record.Classification);
        }

        Account.CountDecision(record.Classification, lane.Model, lane.TierNumbers[tier], lane.LabelNumbers);
        lane.CountDrift(record.Classification, slot, Math.Min(packets, lane.Depths[0]));
        comparison?.Compare(slot, record, isShadow: followed is not null);
        RecordAnswer(lane, state, DecisionTag.Pack(record.Classification, lane.Codes));
        pending.Remove(slot);
        lane.Waiting[tier]--;
    }

    /// <summary>
    /// Training knew no flow of this protocol: the answer is known with the first packet, and the flow is never
    /// undecided. It is counted with the first tier, so that decisions are the sum over tiers.
    /// </summary>
    /// <returns>What the flow keeps of the answer.</returns>
    ulong AnswerUnknownProtocol(PlanLane lane, in Flow flow, int tunnelIndex, long packetNumber)
    {
        var place = reorderBuffer.ReserveSlot(flow, tunnels.Get(tunnelIndex), flow.LastNs, packetNumber);
        ref var record = ref reorderBuffer[place];
        record.Kind = RecordKind.Prediction;
        record.Model = lane.Model;
        record.Classification = Classification.ForUnknownProtocol(flow.LastNs);
        Account.CountDecision(record.Classification, lane.Model, lane.TierNumbers[record.Classification.Tier],
            lane.LabelNumbers);
        lane.Drift?.Count(record.Classification, []);
        comparison?.CompareAtOnce(record, isShadow: followed is not null);
        return DecisionTag.Pack(record.Classification, lane.Codes);
    }

    static DecisionReason Reason(PlanLane lane, int tier) =>
        tier > 0 && tier == lane.Batches.Length - 1 ? DecisionReason.Escalated : DecisionReason.Confident;

    /// <summary>
    /// Gets the time at which the flow had a tier's packets, from the times that were kept with them.
    /// </summary>
    long ReachedNs(PlanLane lane, int slot, int tier) =>
        pending[slot].Unit.FirstNs + (lane.Headers.ReachedMicroseconds(slot, tier) * 1000L);

    /// <summary>Leaves the answer with the flow: in the table, or in the report of its end.</summary>
    void RecordAnswer(PlanLane lane, in PendingFlow state, ulong tag)
    {
        if (taskCount > 1)
        {
            RecordTaskAnswer(lane.Task, state, tag);
            return;
        }

        if (followed is not null)
        {
            Unfollow(state.FlowIndex);
            return;
        }

        if (state.EndRecordIndex >= 0)
        {
            reorderBuffer[state.EndRecordIndex].Flow.Tag = tag;
            return;
        }

        if (state.FlowIndex == PendingFlow.Detached)
        {
            return;
        }

        ref var flow = ref flows[state.FlowIndex];
        flow.Tag = tag;
        flow.TunnelIndex = state.TunnelIndex;
    }
}
