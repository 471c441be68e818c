namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Lists the chains of candidates to choose among: the last is the one that scores best on everything, before it stand
/// one or two cheaper ones.
/// </summary>
static class CandidateChains
{
    /// <summary>
    /// Weighted F1 by which a model that waits longer must be better to become the last tier: less is chance.
    /// </summary>
    const double MinGainForWaiting = 0.002;

    /// <summary>Specifies the weighted F1 by which a second kind of model on the same packets may fall short of the
    /// first.</summary>
    const double MaxShortfall = 0.03;

    /// <summary>Chains of up to three tiers, short ones first; the last scores best.</summary>
    public static IEnumerable<IReadOnlyList<TierCandidate>> List(IReadOnlyList<TierCandidate> candidates)
    {
        var slow = Slowest(candidates);
        var ordered = candidates.OrderBy(c => c.Spec.Depth).ThenBy(c => c.NsPerFlow).ToList();
        var firstDepth = ordered[0].Spec.Depth;
        var firsts = ordered.Where(c => c.Spec.Depth == firstDepth && Precedes(c, slow)).ToList();
        if (firsts.Count == 0)
        {
            yield return [slow];
        }

        foreach (var first in firsts)
        {
            yield return [first, slow];
        }

        foreach (var first in firsts)
        {
            foreach (var middle in ordered.Where(m => MayFollow(first, m) && Precedes(m, slow)))
            {
                yield return [first, middle, slow];
            }
        }
    }

    /// <summary>
    /// A tier is worth having before another if it costs less: fewer packets, or as many and less computing.
    /// </summary>
    static bool Precedes(TierCandidate a, TierCandidate b) => a.WeightedF1 < b.WeightedF1
        && (a.Spec.Depth < b.Spec.Depth || (a.Spec.Depth == b.Spec.Depth && a.NsPerFlow < b.NsPerFlow));

    /// <summary>
    /// Determines whether a model may follow another. On the same packets another kind of model need not be better on
    /// everything: it sees only what the first was unsure of, and its probabilities may tell sure from unsure more
    /// finely.
    /// </summary>
    static bool MayFollow(TierCandidate first, TierCandidate second) => Precedes(first, second)
        || (first.Spec.Depth == second.Spec.Depth && first.Spec.Model != second.Spec.Model
            && first.NsPerFlow < second.NsPerFlow && second.WeightedF1 >= first.WeightedF1 - MaxShortfall);

    /// <summary>Finds the model that scores best, of about equal ones the one that waits least.</summary>
    public static TierCandidate Slowest(IReadOnlyList<TierCandidate> candidates)
    {
        var best = candidates.Max(c => c.WeightedF1);
        return candidates.Where(c => c.WeightedF1 >= best - MinGainForWaiting)
            .OrderBy(c => c.Spec.Depth).ThenByDescending(c => c.WeightedF1).First();
    }
}
