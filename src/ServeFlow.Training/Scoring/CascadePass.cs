using ServeFlow.Cascade;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Scoring;

/// <summary>
/// Runs a cascade's computing as a worker does, on flows whose packets are at hand: where that many flows arrive
/// together, each tier scores at once what the one before it passes on. A worker's later tiers see flows of earlier
/// bursts instead, which wait for packets, but as many of them: as many reach a depth as left for it.
/// </summary>
sealed class CascadePass
{
    readonly FlowSample flows;
    readonly TimedTier[] tiers;
    readonly TierScorer[] scorers;

    /// <summary>[tier][position]: packets that the tier sees.</summary>
    readonly int[][] packets;

    /// <summary>Positions of the flows of a burst that reach the tier.</summary>
    readonly int[] reaching = new int[IBatchScorer.Capacity];

    public CascadePass(FlowSample flows, TimeSpan waitLimit, IReadOnlyList<TimedTier> tiers)
    {
        this.flows = flows;
        this.tiers = [.. tiers];
        scorers = [.. tiers.Select(t => t.CreateTierScorer())];
        packets =
        [
            .. tiers.Select(tier => Enumerable.Range(0, flows.Count)
                .Select(position => WaitTime.Compute(flows, position, tier.Depth, waitLimit).Packets).ToArray()),
        ];
    }

    /// <summary>Serves the first flows, <paramref name="batch"/> at a time.</summary>
    /// <returns>The number of scorings that it took, over all tiers.</returns>
    public int Run(int count, int batch)
    {
        var scored = 0;
        for (var first = 0; first < count; first += batch)
        {
            var left = Math.Min(batch, count - first);
            for (var i = 0; i < left; i++)
            {
                reaching[i] = first + i;
            }

            for (var tier = 0; tier < tiers.Length && left > 0; tier++)
            {
                scored += left;
                left = ScoreTier(tier, left);
            }
        }

        return scored;
    }

    /// <summary>Scores the flows that reach a tier and keeps those that it passes on.</summary>
    int ScoreTier(int tier, int count)
    {
        var scorer = scorers[tier];
        scorer.Begin(count);
        for (var i = 0; i < count; i++)
        {
            scorer.Add(i, flows.Packets(reaching[i])[..packets[tier][reaching[i]]]);
        }

        scorer.Score(count);
        var passed = 0;
        for (var i = 0; i < count; i++)
        {
            if (scorer.Decide(i).Escalate)
            {
                reaching[passed++] = reaching[i];
            }
        }

        return passed;
    }
}
