using System.Diagnostics;
using ServeFlow.Cascade;

namespace ServeFlow.Cluster;

/// <summary>
/// Scores batches of the tiers that a worker has, as many at a time as it has threads for. What would wait for long is
/// sent back at once, as another worker may have room.
/// </summary>
sealed class WorkerTiers
{
    /// <summary>Limits the batches that wait for each thread: more would only become late.</summary>
    const int WaitingPerThread = 8;

    readonly Dictionary<string, ServedTier> given = [];
    readonly SemaphoreSlim free;
    readonly int most;
    volatile Dictionary<string, ServedTier> tiers;
    int present;

    /// <param name="threads">How many batches are scored at a time.</param>
    public WorkerTiers(IEnumerable<CascadePlan> plans, int threads)
    {
        (free, most) = (new(threads), threads * (1 + WaitingPerThread));
        foreach (var plan in plans)
        {
            given[TierKey.Compute(plan)] = new(plan);
        }

        tiers = given;
    }

    public WorkerCounts Counts { get; } = new();

    /// <summary>Gets the tiers, for messages.</summary>
    public string Description => string.Join(", ", tiers.Values.Select(tier => tier.Description));

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

        var arrived = Stopwatch.GetTimestamp();
        var answer = await TryScoreAsync(key, request, arrived);
        Counts.Count(answer.Status, request.Flows);
        return answer;
    }

    async Task<TierAnswer> TryScoreAsync(string key, TierRequest request, long arrived)
    {
        if (!tiers.TryGetValue(key, out var tier))
        {
            return new() { Status = TierStatus.Unknown, Problem = $"it serves {Description}" };
        }

        if (Interlocked.Increment(ref present) > most)
        {
            Interlocked.Decrement(ref present);
            return new() { Status = TierStatus.Busy, Problem = $"{most} batches wait already" };
        }

        await free.WaitAsync();
        try
        {
            return Stopwatch.GetElapsedTime(arrived) < request.Left ? await Task.Run(() => tier.Score(request))
                : new() { Status = TierStatus.Late, Problem = "its turn came after the deadline" };
        }
        finally
        {
            free.Release();
            Interlocked.Decrement(ref present);
        }
    }
}
