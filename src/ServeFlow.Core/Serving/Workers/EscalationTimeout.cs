using ServeFlow.Cascade;

namespace ServeFlow.Serving.Workers;

/// <summary>Computes how long a worker waits for flows that a tier is unsure of.</summary>
sealed class EscalationTimeout
{
    readonly long[] timeoutsNs;

    EscalationTimeout(TierPlan tier, long leastLaterNs)
    {
        timeoutsNs = [.. (tier.EscalationTimeouts ?? []).Select(p => p.Ticks * TimeSpan.NanosecondsPerTick)];
        MinNs = Math.Min(leastLaterNs, timeoutsNs.DefaultIfEmpty(long.MaxValue).Min());
    }

    /// <summary>
    /// The shortest that a flow standing in this tier's batch may turn out to be waited for, by this tier or a later
    /// one that it may go on to at once; the end of time where the wait limit alone holds.
    /// </summary>
    public long MinNs { get; }

    /// <summary>Gets whether, at this tier or a later one, anything but the plan's wait limit holds.</summary>
    public bool IsLimited => MinNs < long.MaxValue;

    /// <summary>The end of waiting for a flow that was scored on a packet of a time.</summary>
    /// <param name="label">The tier's unsure answer.</param>
    public long DeadlineNs(long reachedNs, int label) =>
        timeoutsNs.Length == 0 ? long.MaxValue : reachedNs + timeoutsNs[label];

    public static EscalationTimeout[] FromPlan(CascadePlan plan)
    {
        var tiers = new EscalationTimeout[plan.Tiers.Count];
        for (var (t, least) = (tiers.Length - 1, long.MaxValue); t >= 0; t--)
        {
            tiers[t] = new(plan.Tiers[t], least);
            least = tiers[t].MinNs;
        }

        return tiers;
    }
}
