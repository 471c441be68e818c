using ServeFlow.Cascade;
using ServeFlow.Cluster.Messages;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cluster;

/// <summary>
/// Scores batches of the tiers that a worker has, as many at a time as it has threads for. What would wait for long is
/// sent back at once, as another worker may have room.
/// </summary>
sealed class WorkerTiers
{
    readonly Dictionary<string, ServedTier> given = [];
    readonly RunQueue queue;
    volatile Dictionary<string, ServedTier> tiers;

    /// <param name="threads">How many runs are scored at a time.</param>
    /// <param name="gather">How batches are gathered to runs; null where each is one.</param>
    /// <param name="scheduler">What runs are scored on; the pool of threads where it is null.</param>
    public WorkerTiers(IEnumerable<CascadePlan> plans, int threads, GatherOptions? gather = null,
        TaskScheduler? scheduler = null)
    {
        queue = new(threads, gather ?? new(), Counts, scheduler ?? TaskScheduler.Default);
        foreach (var plan in plans)
        {
            given[TierKey.Compute(plan)] = new(plan);
        }

        tiers = given;
    }

    public WorkerCounts Counts { get; } = new();

    /// <summary>Gets the tiers, for messages.</summary>
    public string Description => string.Join(", ", tiers.Values.Select(tier => tier.Description));

    /// <summary>Gets the tiers with what computes them, for people.</summary>
    public string Engines => string.Join(", ", tiers.Values.Select(tier => $"{tier.Description} by {tier.Engine}"));

    /// <summary>Compiles what scoring runs through, so that the first batch is not late.</summary>
    public void WarmUp() => tiers.Values.ToList().ForEach(tier => tier.WarmUp());

    /// <summary>Serves the tiers of these plans too, and no longer those of other plans that came this way. They are
    /// warm before the first batch. To be called by one thread at a time.</summary>
    public void UseMore(IReadOnlyList<CascadePlan> plans)
    {
        var next = new Dictionary<string, ServedTier>(given);
        foreach (var plan in plans)
        {
            var key = TierKey.Compute(plan);
            if (next.ContainsKey(key))
            {
                continue;
            }

            if (!tiers.TryGetValue(key, out var tier))
            {
                tier = new(plan);
                tier.WarmUp();
            }

            next.Add(key, tier);
        }

        tiers = next;
    }

    /// <summary>Scores a batch, or says why not.</summary>
    /// <param name="key">The <see cref="TierKey"/> of its tier.</param>
    public async Task<TierAnswer> ScoreAsync(string key, TierRequest request)
    {
        if (key == TierKey.WarmUp)
        {
            return new();
        }

        var answer = !tiers.TryGetValue(key, out var tier)
            ? new() { Status = TierStatus.Unknown, Problem = $"it serves {Description}" }
            : request.Flows is < 1 or > RemoteBatch.Capacity ? tier.Refuse(request)
            : await queue.ScoreAsync(tier, request);
        Counts.Count(answer.Status, request.Flows);
        return answer;
    }
}
