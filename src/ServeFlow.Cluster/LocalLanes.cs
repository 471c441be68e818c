using System.Collections.Concurrent;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cluster;

/// <summary>Scores batches on the sensor's own cores, as many at a time as it may.</summary>
sealed class LocalLanes
{
    readonly ConcurrentBag<IBatchScorer> free = [];

    /// <param name="count">The most batches at a time.</param>
    public LocalLanes(TierPlan tier, int count)
    {
        for (var i = 0; i < count; i++)
        {
            free.Add(tier.CreateScorer());
        }
    }

    /// <summary>Scores a batch and completes it, on the caller's thread; gives false where there is no room, or where
    /// the model fails: workers are asked then.</summary>
    public bool TryScore(RemoteBatch batch)
    {
        if (!free.TryTake(out var scorer))
        {
            return false;
        }

        try
        {
            scorer.Begin(batch.Count);
            for (var flow = 0; flow < batch.Count; flow++)
            {
                scorer.Add(flow, batch.Packets(flow));
            }

            scorer.Score(batch.Count, batch.Probabilities);
        }
        catch (Exception)
        {
            return false; // the scorer is in no state to go on
        }

        free.Add(scorer);
        batch.Complete(RemoteOutcome.Answered);
        return true;
    }
}
