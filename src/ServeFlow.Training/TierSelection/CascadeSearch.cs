using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Looks at every cascade of one to three of the candidates, each tier at a dozen shares of flows answered, by counting
/// bits over cached predictions; then at the best of these with a fourth tier put in. What a cascade is worth is
/// approximate only in that all classes have one threshold: the few best are calibrated for real afterwards.
/// </summary>
public sealed partial class CascadeSearch
{
    /// <summary>Three-tier cascades that a fourth tier is tried with.</summary>
    const int Extended = 24;

    readonly FlowSample flows;
    readonly SearchTier[] tiers;
    readonly IReadOnlyList<WaitTimes> waits;
    readonly FlowSet all;

    /// <summary>Holds the waits of all flows, by waiting times.</summary>
    readonly WaitTally[] allWaits;

    /// <param name="candidates">Measured on the same flows.</param>
    /// <param name="flows">The flows that they were measured on.</param>
    public CascadeSearch(IReadOnlyList<TierCandidate> candidates, FlowSample flows)
    {
        this.flows = flows;
        var ordered = candidates.OrderBy(c => c.Spec.Depth).ThenBy(c => c.NsPerFlow)
            .ThenBy(c => c.Spec.Model, StringComparer.Ordinal)
            .ToList();
        (waits, var places) = WaitTimes.GroupByTimes(ordered);
        tiers = new SearchTier[ordered.Count];
        Parallel.For(0, tiers.Length, i => tiers[i] = new(ordered[i], places[i], flows));
        all = FlowSet.All(flows.Count);
        allWaits = [.. waits.Select(AllOf)];
        BestCorrect = tiers.Max(t => t.CorrectCount);
    }

    /// <summary>Gets the number of flows that the best single candidate answers rightly.</summary>
    internal int BestCorrect { get; }

    int Flows => flows.Count;

    /// <summary>Runs the search.</summary>
    /// <param name="minCorrect">The flows that a cascade must answer rightly, by rung; falling.</param>
    internal PointSelection Run(IReadOnlyList<int> minCorrect, PlacementObjective objective,
        CancellationToken cancel = default)
    {
        var best = new PointSelection(minCorrect, objective, Flows);
        Parallel.For(0, tiers.Length, new ParallelOptions { CancellationToken = cancel },
            () => new SearchThread(this, new(minCorrect, objective, Flows)), (first, _, thread) =>
            {
                thread.Search(first);
                return thread;
            }, thread =>
            {
                lock (best)
                {
                    best.Add(thread.Found);
                }
            });
        var seen = new HashSet<TierChoices>();
        foreach (var point in best.Best(Extended).Where(p => p.Choices.Count == 3).ToList())
        {
            cancel.ThrowIfCancellationRequested();
            Extend(point, seen, best);
        }

        return best;
    }

    /// <summary>Describes what a cascade of the search does, counted flow by flow, weighted F1 included.</summary>
    internal CascadePoint Describe(TierChoices choices)
    {
        var used = Enumerable.Range(0, choices.Count).Select(t => tiers[choices[t].Tier]).ToArray();
        return CascadePoint.Measure([.. used.Select(t => t.Candidate)], flows, flow =>
        {
            var tier = 0;
            while (tier < used.Length - 1 && !used[tier].Answered[choices[tier].Level].Contains(flow))
            {
                tier++;
            }

            return (tier, used[tier].Answers[flow]);
        });
    }

    /// <summary>Puts every candidate at every level between the tiers, or before them.</summary>
    void Extend(SearchPoint point, HashSet<TierChoices> seen, PointSelection found)
    {
        TierChoice[] early = [point.Choices.First, point.Choices.Second];
        for (var added = 0; added < point.Choices.Third.Tier; added++)
        {
            if (early.Any(choice => choice.Tier == added))
            {
                continue;
            }

            for (var level = 0; level < tiers[added].Answered.Count; level++)
            {
                TierChoice[] four = [.. early.Append(new(added, level)).OrderBy(c => c.Tier), point.Choices.Third];
                TierChoices choices = new(4, four[0], four[1], four[2], four[3]);
                if (seen.Add(choices))
                {
                    found.Offer(Evaluate(choices));
                }
            }
        }
    }

    /// <summary>Counts one cascade of any number of tiers.</summary>
    internal SearchPoint Evaluate(TierChoices choices)
    {
        var (reaching, rest) = (FlowSet.All(Flows), new FlowSet(Flows));
        var (tally, nothing) = (new WaitTally(), new WaitTally());
        var (correct, firstPacket, ns, left) = (0, 0, 0.0, Flows);
        var caught = 0;
        for (var t = 0; t < choices.Count; t++)
        {
            var tier = tiers[choices[t].Tier];
            ns += tier.Candidate.NsPerFlow * left;
            var answers = t == choices.Count - 1 ? all : tier.Answered[choices[t].Level];
            var answered = tally.Move(reaching, answers, rest, waits[tier.Waits]);
            correct += reaching.CountAnd(answers, tier.Correct);
            firstPacket += tier.Candidate.Spec.Depth == 1 ? answered : 0;
            left -= answered;
            caught = t == 0 ? left - rest.CountAnd(tier.Correct) : caught;
            (reaching, rest) = (rest, reaching);
        }

        tally.Accumulate();
        return new()
        {
            Choices = choices,
            Correct = correct,
            FirstErrors = (caught, Flows - tiers[choices.First.Tier].CorrectCount),
            FirstPacket = firstPacket,
            MeanMs = (((double)tally.SumNs / Flows) + (ns / Flows)) / 1e6,
            MedianMs = TimeScale.ToMs(WaitTally.MedianStep(tally, nothing, nothing, Flows)) + (ns / Flows / 1e6),
            ComputeNs = ns / Flows,
        };
    }

    WaitTally AllOf(WaitTimes times)
    {
        var tally = new WaitTally();
        for (var flow = 0; flow < Flows; flow++)
        {
            tally.Add(times, flow);
        }

        tally.Accumulate();
        return tally;
    }
}
