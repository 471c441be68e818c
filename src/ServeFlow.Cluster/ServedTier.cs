using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Cluster.Messages;
using ServeFlow.Features;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cluster;

/// <summary>Represents a tier that a worker has, with scorers for as many batches as are scored at a time.</summary>
sealed class ServedTier(CascadePlan plan)
{
    readonly HeaderPacking packing = new(plan.Schema);
    readonly TierPlan tier = plan.Tiers[^1];
    readonly ConcurrentBag<Lane> lanes = [];

    public string Description { get; } = TierKey.Describe(plan);

    /// <summary>Gets the name of what computes its model.</summary>
    public string Engine => tier.Compiled.EngineName;

    /// <summary>Gets how fast it is. It belongs to the <see cref="RunQueue"/>.</summary>
    public TierPace Pace { get; } = new();

    /// <summary>Scores flows of no headers: one, and as many as a batch has. How long these take is a first estimate
    /// of its pace.</summary>
    public void WarmUp()
    {
        var lane = new Lane(tier);
        var started = 0L;
        foreach (var flows in new[] { 1, RemoteBatch.Capacity })
        {
            started = Stopwatch.GetTimestamp();
            lane.Scorer.Begin(flows);
            for (var flow = 0; flow < flows; flow++)
            {
                lane.Scorer.Add(flow, lane.Packets);
            }

            lane.Scorer.Score(flows, lane.Probabilities);
        }

        Pace.Leave(0, RemoteBatch.Capacity, Stopwatch.GetElapsedTime(started));
        lanes.Add(lane);
    }

    /// <summary>Scores batches in one run, on the caller's thread. Nothing is thrown.</summary>
    /// <returns>The answers, in the order of the batches.</returns>
    public IReadOnlyList<TierAnswer> Score(IReadOnlyList<TierRequest> batches)
    {
        try
        {
            return batches.Count == 0 ? []
                : TryScore(batches) ?? (batches is [var one] ? [Refuse(one)]
                    : [.. batches.SelectMany(batch => Score([batch]))]); // one of them spoils a run for all
        }
        catch (Exception e)
        {
            return [.. batches.Select(_ => new TierAnswer
            {
                Status = TierStatus.Failed,
                Problem = $"{Description} failed: {e.Message}",
            })];
        }
    }

    /// <summary>Answers a batch that is none of this tier.</summary>
    public TierAnswer Refuse(TierRequest batch) => new()
    {
        Status = TierStatus.Malformed,
        Problem = $"the batch of {batch.Flows} flows in {batch.Rows.Length} bytes is none of {Description}",
    };

    /// <summary>Scores batches; gives null where one of them is none.</summary>
    IReadOnlyList<TierAnswer>? TryScore(IReadOnlyList<TierRequest> batches)
    {
        var lane = lanes.TryTake(out var free) ? free : new(tier);
        var flows = batches.Sum(batch => batch.Flows);
        lane.Scorer.Begin(flows);
        var first = 0;
        foreach (var batch in batches)
        {
            if (!PackedBatch.TryRead(batch, packing, lane.Packets, lane.Scorer, first))
            {
                return null; // the lane's scorer is in no state to go on
            }

            first += batch.Flows;
        }

        lane.Scorer.Score(flows, lane.Probabilities.AsSpan(0, flows * tier.Compiled.Classes));
        var answers = Split(lane.Probabilities, batches);
        lanes.Add(lane);
        return answers;
    }

    /// <summary>Gives each batch its rows.</summary>
    List<TierAnswer> Split(float[] probabilities, IReadOnlyList<TierRequest> batches)
    {
        var answers = new List<TierAnswer>(batches.Count);
        var rest = probabilities.AsSpan();
        foreach (var batch in batches)
        {
            var numbers = batch.Flows * tier.Compiled.Classes;
            answers.Add(new() { Probabilities = MemoryMarshal.AsBytes(rest[..numbers]).ToArray() });
            rest = rest[numbers..];
        }

        return answers;
    }

    /// <summary>Holds what one batch needs while it is scored.</summary>
    sealed class Lane(TierPlan tier)
    {
        public readonly IBatchScorer Scorer = tier.CreateScorer();
        public readonly HeaderRecord[] Packets = new HeaderRecord[tier.PacketDepth];
        public readonly float[] Probabilities = new float[RemoteBatch.Capacity * tier.Compiled.Classes];
    }
}
