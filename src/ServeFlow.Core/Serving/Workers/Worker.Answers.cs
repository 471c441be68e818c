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
        var tier = state.NextTier;
        if (escalationTimeouts[tier].IsLimited && !state.Unit.IsClosed)
        {
            batchDeadlineNs =
                Math.Min(batchDeadlineNs, pending.ReachedNs(slot, depths[tier]) + escalationTimeouts[tier].MinNs);
        }

        batches[tier].Add(slot);
        if (batches[tier].IsFull)
        {
            Score(tier);
        }
    }

    /// <summary>
    /// Scores whatever has gathered and ships the records. Ascending order settles everything: a tier passes flows
    /// on to later tiers only. Afterwards every undecided flow waits for packets.
    /// </summary>
    void ScoreAndFlush()
    {
        for (var tier = 0; tier < batches.Length; tier++)
        {
            Score(tier);
        }

        batchDeadlineNs = long.MaxValue;
        reorderBuffer.Flush(sink);
        Account.SetTableCounts(flows.Tracked, flows.Created, flows.Active, pending.Count);
    }

    void Score(int tier)
    {
        var slots = batches[tier].Score(pending);
        for (var i = 0; i < slots.Length; i++)
        {
            var decision = batches[tier].Decide(i);
            if (!decision.Escalate || tier + 1 == batches.Length)
            {
                Answer(slots[i], tier, decision, Reason(tier));
            }
            else if (shedding.ShouldShed(decision))
            {
                Account.CountShed(tier);
                Answer(slots[i], tier, decision, DecisionReason.Overload);
            }
            else
            {
                Escalate(slots[i], tier + 1, decision.LabelId);
            }
        }
    }

    /// <summary>Unsure: the next tier scores the flow on the packets it has, or the flow waits for its depth.</summary>
    /// <param name="label">The unsure answer: some are worth less patience than others.</param>
    void Escalate(int slot, int tier, int label)
    {
        ref var state = ref pending[slot];
        state.NextTier = tier;
        state.IsQueued = false;
        if (state.Unit.IsClosed || state.Unit.Packets >= depths[tier])
        {
            Enqueue(slot);
        }
        else if (escalationTimeouts[0].IsLimited)
        {
            var dueNs = escalationTimeouts[tier - 1].DeadlineNs(pending.ReachedNs(slot, depths[tier - 1]), label);
            pending.SetDeadline(slot, Math.Min(dueNs, MaxDeadlineNs(state)));
        }
    }

    /// <summary>
    /// Sure, or there is nobody left to ask, or no time: the flow is decided and its headers are forgotten.
    /// </summary>
    /// <param name="reason">Why; for a flow that was closed early that is the reason, unless time ran short.</param>
    void Answer(int slot, int tier, in TierDecision decision, DecisionReason reason)
    {
        ref var state = ref pending[slot];
        var isEarly = state.Unit.Packets < depths[tier];
        ref var record = ref reorderBuffer[isEarly ? state.CloseRecordIndex : pending.RecordIndex(slot, tier)];
        record.Kind = RecordKind.Prediction;
        record.Classification = new()
        {
            TopLabels = decision.TopLabels,
            TopConfidences = decision.TopConfidences,
            Tier = tier,
            Reason = isEarly && reason != DecisionReason.Overload ? state.CloseReason : reason,
            Uncertainty = decision.Uncertainty,
            Threshold = decision.Threshold,
            PacketsUsed = Math.Min(state.Unit.Packets, depths[tier]),
            FirstNs = state.Unit.FirstNs,
            DecidedNs = record.TimestampNs,
            Revision = 1,
        };
        batches[tier].ScoreNovelty(decision, pending.Headers(slot, depths[tier]), ref record.Classification);
        Account.CountDecision(tier, record.Classification.Reason);
        RecordAnswer(state, DecisionTag.Pack(record.Classification));
        pending.Remove(slot);
    }

    /// <summary>
    /// Training knew no flow of this protocol: the answer is known with the first packet, and the flow is never
    /// undecided. It is counted with the first tier, so that decisions are the sum over tiers.
    /// </summary>
    void AnswerUnknownProtocol(ref Flow flow, int tunnelIndex, long packetNumber)
    {
        var place = reorderBuffer.ReserveSlot(flow, tunnels.Get(tunnelIndex), flow.LastNs, packetNumber);
        ref var record = ref reorderBuffer[place];
        record.Kind = RecordKind.Prediction;
        record.Classification = Classification.ForUnknownProtocol(flow.LastNs);
        Account.CountDecision(record.Classification.Tier, record.Classification.Reason);
        flow.Tag = DecisionTag.Pack(record.Classification);
        flow.TunnelIndex = tunnelIndex;
    }

    DecisionReason Reason(int tier) =>
        tier > 0 && tier == batches.Length - 1 ? DecisionReason.Escalated : DecisionReason.Confident;

    /// <summary>Leaves the answer with the flow: in the table, or in the report of its end.</summary>
    void RecordAnswer(in PendingFlow state, ulong tag)
    {
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
