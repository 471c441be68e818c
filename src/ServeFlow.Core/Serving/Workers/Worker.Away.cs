using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Hands flows to a tier in another process, and takes their answers between two bursts. Packets never wait for it: a
/// flow whose answer does not come in time has that of the tier before. docs/remote-tier.md.
/// </summary>
public sealed partial class Worker
{
    /// <summary>
    /// Divides the undecided flows: no more than this part of them may be away, of all lanes together. The others can
    /// be answered at once when a new flow needs room.
    /// </summary>
    const int AwayDivisor = 2;

    /// <summary>The flows that are away.</summary>
    int awayCount;

    /// <summary>Passes what has gathered for the last tier on. What finds no room is answered at once.</summary>
    void SendAway(PlanLane lane, AwayFlows away)
    {
        var before = 0;
        foreach (var slot in lane.Batches[^1].Take())
        {
            // An answer for want of room cannot wait.
            if (pending[slot].CloseReason != DecisionReason.Overload && awayCount < maxUndecided / AwayDivisor
                && away.FindRoom() is { } batch)
            {
                Depart(lane, batch, slot);
                continue;
            }

            before += pending[slot].CloseReason == DecisionReason.Overload ? 0 : 1;
            var place = AnswerPlace(lane, slot, lane.Depths.Length - 1);
            PlaceAnswer(lane, slot, place);
            lane.Before!.Add(slot);
        }

        Account.Remote.Count(lane.TierNumbers[^1], RemoteOutcome.NoCredit, before);
        AnswerBefore(lane);
    }

    /// <summary>A flow leaves for the remote tier, and takes its places in the outbox with it.</summary>
    void Depart(PlanLane lane, AwayBatch batch, int slot)
    {
        ref var state = ref pending[slot];
        var place = batch.Add(slot, reorderBuffer[AnswerPlace(lane, slot, lane.Depths.Length - 1)]);
        batch.Data.Add(lane.Headers.Kept(slot, state.Unit.Packets));
        if (state.EndRecordIndex >= 0)
        {
            ref var end = ref reorderBuffer[state.EndRecordIndex];
            lane.Away!.End(place) = end;
            end.Kind = RecordKind.None;
        }

        lane.Headers.RecordIndex(slot, lane.Depths.Length - 1) = place;
        state.IsAway = true;
        awayCount++;
        if (!state.Unit.IsClosed)
        {
            pending.Close(slot); // it waits for no more packets, and for no packet time
        }
    }

    /// <summary>A flow ends that is away: the record of its end waits for its answer.</summary>
    void EndAway(PlanLane lane, ref Flow flow, int slot, EndReason reason, long nowNs)
    {
        ref var state = ref pending[slot];
        lane.Away!.End(lane.Headers.RecordIndex(slot, lane.Depths.Length - 1)) = new()
        {
            Kind = RecordKind.End,
            EndReason = reason,
            Flow = flow,
            Tunnel = tunnels.Get(state.TunnelIndex),
            TimestampNs = nowNs,
        };
        tunnels.Remove(state.TunnelIndex);
        state.EndRecordIndex = 0; // its place is taken when it comes back
    }

    /// <summary>Takes what has come back, or is due without; and sends what has gathered.</summary>
    void PollAway()
    {
        foreach (var lane in lanes.AsSpan(0, laneCount))
        {
            if (lane?.Away is not { } away)
            {
                continue;
            }

            while (away.TakeDue(out var outcome) is { } batch)
            {
                ScoreAndFlush();
                TakeBack(lane, batch, outcome);
                away.Release(batch);
                ScoreAndFlush();
            }

            away.Ship();
        }

        shadow?.PollAway();
    }

    /// <summary>Waits for what is away, each flow until its deadline. No packets come any more.</summary>
    void AwaitAway()
    {
        while (Array.Exists(lanes, lane => lane?.Away is { Count: > 0 }))
        {
            PollAway();
            Thread.Sleep(1);
        }

        shadow?.AwaitAway();
    }

    /// <summary>Answers the flows of a batch: as the remote tier says, or by the tier before it.</summary>
    void TakeBack(PlanLane lane, AwayBatch batch, RemoteOutcome outcome)
    {
        var (tier, classes) = (lane.Depths.Length - 1, batch.Data.Classes);
        Account.Remote.CountBatch(lane.TierNumbers[tier], outcome, batch.Data.Count);
        for (var i = 0; i < batch.Data.Count; i++)
        {
            var slot = batch.Slots[i];
            ref var state = ref pending[slot];
            state.IsAway = false;
            awayCount--;
            PlaceAnswer(lane, slot, reorderBuffer.Add(batch.Answers[i]));
            if (batch.Ends[i].Kind == RecordKind.End)
            {
                state.EndRecordIndex = reorderBuffer.Add(batch.Ends[i]);
            }

            if (outcome == RemoteOutcome.Answered)
            {
                var decision = lane.Batches[tier].Decide(batch.Data.Probabilities.AsSpan(i * classes, classes));
                Answer(lane, slot, tier, decision, Reason(lane, tier));
            }
            else
            {
                lane.Before!.Add(slot);
            }
        }

        AnswerBefore(lane);
    }

    /// <summary>Has the tier before the remote one answer, however unsure it is.</summary>
    void AnswerBefore(PlanLane lane)
    {
        if (lane.Before!.IsEmpty)
        {
            return;
        }

        var tier = lane.Depths.Length - 2;
        var slots = lane.Before.Score(pending, lane);
        for (var i = 0; i < slots.Length; i++)
        {
            lane.Waiting[tier + 1]--;
            lane.Waiting[tier]++;
            Answer(lane, slots[i], tier, lane.Before.Decide(i),
                pending[slots[i]].CloseReason == DecisionReason.Overload ? DecisionReason.Overload
                    : DecisionReason.TierUnavailable);
        }
    }

    /// <summary>Gets the place in the outbox where a tier's answer belongs.</summary>
    int AnswerPlace(PlanLane lane, int slot, int tier) => pending[slot].Unit.Packets < lane.Depths[tier]
        ? pending[slot].CloseRecordIndex : lane.Headers.RecordIndex(slot, tier);

    /// <summary>Says where the answer belongs, whichever of the last two tiers gives it.</summary>
    void PlaceAnswer(PlanLane lane, int slot, int place)
    {
        pending[slot].CloseRecordIndex = place;
        lane.Headers.RecordIndex(slot, lane.Depths.Length - 1) = place;
        lane.Headers.RecordIndex(slot, lane.Depths.Length - 2) = place;
    }
}
