using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cluster;

/// <summary>Is a tier that a worker has, with scorers for as many batches as are scored at a time.</summary>
sealed class ServedTier(CascadePlan plan)
{
    readonly HeaderPacking packing = new(plan.Schema);
    readonly TierPlan tier = plan.Tiers[^1];
    readonly ConcurrentBag<Lane> lanes = [];

    public string Description { get; } = TierKey.Describe(plan);

    /// <summary>Scores flows of no headers: one, and as many as a batch has.</summary>
    public void WarmUp()
    {
        var lane = new Lane(tier);
        foreach (var flows in new[] { 1, RemoteBatch.Capacity })
        {
            lane.Scorer.Begin(flows);
            for (var flow = 0; flow < flows; flow++)
            {
                lane.Scorer.Add(flow, lane.Packets);
            }

            lane.Scorer.Score(flows, lane.Probabilities);
        }

        lanes.Add(lane);
    }

    /// <summary>Scores a batch on the caller's thread. Nothing is thrown.</summary>
    public TierAnswer Score(TierRequest request)
    {
        try
        {
            return TryScore(request);
        }
        catch (Exception e)
        {
            return new() { Status = TierStatus.Failed, Problem = $"{Description} failed: {e.Message}" };
        }
    }

    TierAnswer TryScore(TierRequest request)
    {
        var lane = lanes.TryTake(out var free) ? free : new(tier);
        if (!PackedBatch.TryRead(request, packing, lane.Packets, lane.Scorer))
        {
            return new()
            {
                Status = TierStatus.Malformed,
                Problem = $"the batch of {request.Flows} flows in {request.Rows.Length} bytes is none of {Description}",
            };
        }

        var probabilities = lane.Probabilities.AsSpan(0, request.Flows * tier.Compiled.Classes);
        lane.Scorer.Score(request.Flows, probabilities);
        var answer = new TierAnswer { Probabilities = MemoryMarshal.AsBytes(probabilities).ToArray() };
        lanes.Add(lane); // after a batch that is none, its scorer is in no state to go on
        return answer;
    }

    /// <summary>Holds what one batch needs while it is scored.</summary>
    sealed class Lane(TierPlan tier)
    {
        public readonly IBatchScorer Scorer = tier.CreateScorer();
        public readonly HeaderRecord[] Packets = new HeaderRecord[tier.PacketDepth];
        public readonly float[] Probabilities = new float[RemoteBatch.Capacity * tier.Compiled.Classes];
    }
}
