namespace ServeFlow.Training.Placement;

/// <summary>
/// Looks at every cascade of one to three of the candidates, each tier at a dozen shares of flows answered, by counting
/// bits over cached predictions; then at the best of these with a fourth tier put in. What a cascade is worth is
/// approximate only in that all classes have one threshold: the few best are calibrated for real afterwards.
/// </summary>
public sealed class CascadeSearch
{
    /// <summary>Three-tier cascades that a fourth tier is tried with.</summary>
    const int Extended = 24;

    readonly IReadOnlyList<SearchTier> tiers;
    readonly int flows;

    /// <param name="candidates">Measured on the same flows.</param>
    /// <param name="labels">True class of each flow.</param>
    public CascadeSearch(IReadOnlyList<TierCandidate> candidates, IReadOnlyList<int> labels)
    {
        flows = labels.Count;
        var built = new SearchTier[candidates.Count];
        Parallel.For(0, built.Length, i => built[i] = new(candidates[i], labels));
        tiers = [.. built.OrderBy(t => t.Candidate.Spec.Depth).ThenBy(t => t.Candidate.NsPerFlow)];
        BestAccuracy = (double)tiers.Max(t => t.CorrectCount) / flows;
    }

    /// <summary>Of the best single candidate.</summary>
    public double BestAccuracy { get; }

    /// <summary>Runs the search, keeping what <paramref name="create"/>'s selections keep.</summary>
    internal PointSelection Run(Func<PointSelection> create, CancellationToken cancel = default)
    {
        var best = create();
        Parallel.For(0, tiers.Count, new ParallelOptions { CancellationToken = cancel }, create, (first, _, found) =>
        {
            Look(first, found);
            return found;
        }, found =>
        {
            lock (best)
            {
                best.Add(found);
            }
        });
        foreach (var point in best.Best(Extended).Where(p => p.Choices.Count == 3).ToList())
        {
            cancel.ThrowIfCancellationRequested();
            Extend(point, best);
        }

        return best;
    }

    /// <summary>Every cascade that begins with one candidate.</summary>
    void Look(int first, PointSelection found)
    {
        found.Offer(Measure([], first));
        for (var level = 0; level < tiers[first].Answered.Count; level++)
        {
            var rest = Rest(All(), first, level);
            for (var second = first + 1; second < tiers.Count; second++)
            {
                found.Offer(Measure([new(first, level)], second));
                LookBehind(new(first, level), second, rest, found);
            }
        }
    }

    /// <summary>Three tiers: the third is counted only where it can matter, which is most of the search.</summary>
    void LookBehind(TierChoice first, int second, FlowSet reaching, PointSelection found)
    {
        var correctFirst = tiers[first.Tier].Answered[first.Level].CountAnd(tiers[first.Tier].Correct);
        var rest = new FlowSet(flows);
        for (var level = 0; level < tiers[second].Answered.Count; level++)
        {
            var answered = tiers[second].Answered[level];
            var correct = correctFirst + reaching.CountAnd(answered, tiers[second].Correct);
            reaching.Without(answered, rest);
            var left = rest.Count();
            for (var third = second + 1; third < tiers.Count && left > 0; third++)
            {
                var accuracy = (double)(correct + rest.CountAnd(tiers[third].Correct)) / flows;
                if (found.IsWorthMeasuring(accuracy))
                {
                    found.Offer(Measure([first, new(second, level)], third));
                }
            }
        }
    }

    void Extend(MeasuredPoint point, PointSelection found)
    {
        var order = point.Choices.Select(c => c.Tier).ToArray();
        for (var added = 0; added < tiers.Count; added++)
        {
            if (order.Contains(added) || added > order[^1])
            {
                continue;
            }

            for (var level = 0; level < tiers[added].Answered.Count; level++)
            {
                TierChoice[] early = [.. point.Choices.SkipLast(1).Append(new(added, level)).OrderBy(c => c.Tier)];
                found.Offer(Measure(early, order[^1]));
            }
        }
    }

    MeasuredPoint Measure(IReadOnlyList<TierChoice> early, int last)
    {
        var (reaching, escalated) = (All(), new List<int>());
        var (correct, ms, ns, firstPacket, left) = (0, 0.0, 0.0, 0, flows);
        Span<int> times = stackalloc int[TimeScale.Steps];
        times.Clear();
        foreach (var (tier, level) in early)
        {
            var (searched, answered) = (tiers[tier], tiers[tier].Answered[level]);
            ns += searched.Candidate.NsPerFlow * left;
            var rest = new FlowSet(flows);
            reaching.Without(answered, rest);
            var passed = rest.Count();
            correct += reaching.CountAnd(answered, searched.Correct);
            ms += reaching.Tally(answered, searched.ReadyMs, searched.Steps, times);
            firstPacket += searched.Candidate.Spec.Depth == 1 ? left - passed : 0;
            (reaching, left) = (rest, passed);
            escalated.Add(passed);
        }

        ns += tiers[last].Candidate.NsPerFlow * left;
        correct += reaching.CountAnd(tiers[last].Correct);
        ms += reaching.Tally(reaching, tiers[last].ReadyMs, tiers[last].Steps, times);
        firstPacket += tiers[last].Candidate.Spec.Depth == 1 ? left : 0;
        TierChoice[] choices = [.. early, new(last, 0)];
        var median = TimeScale.Ms(TimeScale.Median(times, flows)) + (ns / flows / 1e6);
        return new(choices, new([.. choices.Select(c => tiers[c.Tier].Candidate.Spec)], escalated,
            (double)correct / flows, (double)firstPacket / flows, (ms + (ns / 1e6)) / flows, median, ns / flows));
    }

    FlowSet Rest(FlowSet reaching, int tier, int level)
    {
        var rest = new FlowSet(flows);
        reaching.Without(tiers[tier].Answered[level], rest);
        return rest;
    }

    FlowSet All()
    {
        var all = new FlowSet(flows);
        for (var flow = 0; flow < flows; flow++)
        {
            all.Add(flow);
        }

        return all;
    }
}

/// <summary>A tier of the search and how much it answers: places in its lists.</summary>
readonly record struct TierChoice(int Tier, int Level);

/// <summary>A point and where the search found it.</summary>
sealed record MeasuredPoint(IReadOnlyList<TierChoice> Choices, CascadePoint Point);
