namespace ServeFlow.Training.TierSelection;

public sealed partial class CascadeSearch
{
    /// <summary>
    /// Represents one thread of the search, with its working memory: it searches every cascade that begins with a
    /// candidate.
    /// </summary>
    sealed class SearchThread(CascadeSearch search, PointSelection found)
    {
        readonly SearchTier[] tiers = search.tiers;
        readonly WaitTally noWaits = new();
        readonly TierSplit firsts = new(search.Flows, search.waits);
        readonly TierSplit seconds = new(search.Flows, search.waits);

        public PointSelection Found => found;

        public void Search(int first)
        {
            var tier = tiers[first];
            var alone = new Prefix(default, 0, 0, 0, 0, (0, search.Flows - tier.CorrectCount));
            Offer(alone, first, search.Flows, tier.CorrectCount, noWaits, noWaits, search.allWaits);
            firsts.Divide(tier, search.all, search.Flows, search.allWaits);
            for (var level = 0; level < tier.Answered.Count; level++)
            {
                SearchAfter(new(first, level));
            }
        }

        /// <summary>Two tiers, and all that come of putting one between them.</summary>
        void SearchAfter(TierChoice first)
        {
            var (tier, level) = (tiers[first.Tier], first.Level);
            var left = firsts.EscalatedCount(level);
            var wrong = search.Flows - tier.CorrectCount;
            var caught = wrong - (search.Flows - left - firsts.Correct(level));
            var prefix = new Prefix(new(1, first, default, default, default), firsts.Correct(level),
                tier.Candidate.Spec.Depth == 1 ? search.Flows - left : 0, tier.Candidate.NsPerFlow * search.Flows,
                firsts.Answered(level).SumNs, (caught, wrong));
            for (var second = first.Tier + 1; second < tiers.Length; second++)
            {
                Offer(prefix, second, left, firsts.Escalated(level).CountAnd(tiers[second].Correct),
                    firsts.Answered(level),
                    noWaits, firsts.Waiting(level));
                seconds.Divide(tiers[second], firsts.Escalated(level), left, firsts.Waiting(level));
                for (var at = 0; at < tiers[second].Answered.Count && seconds.EscalatedCount(at) > 0; at++)
                {
                    SearchAfter(prefix, first.Level, new(second, at), left);
                }
            }
        }

        /// <summary>Three tiers: most of the search.</summary>
        void SearchAfter(in Prefix prefix, int firstLevel, TierChoice second, int reaching)
        {
            var (tier, left) = (tiers[second.Tier], seconds.EscalatedCount(second.Level));
            var both = new Prefix(new(2, prefix.Choices.First, second, default, default),
                prefix.Correct + seconds.Correct(second.Level),
                prefix.FirstPacket + (tier.Candidate.Spec.Depth == 1 ? reaching - left : 0),
                prefix.ComputeNs + (tier.Candidate.NsPerFlow * reaching),
                prefix.WaitNs + seconds.Answered(second.Level).SumNs, prefix.FirstErrors);
            var rest = seconds.Escalated(second.Level);
            for (var third = second.Tier + 1; third < tiers.Length; third++)
            {
                Offer(both, third, left, rest.CountAnd(tiers[third].Correct), firsts.Answered(firstLevel),
                    seconds.Answered(second.Level), seconds.Waiting(second.Level));
            }
        }

        /// <summary>A cascade that ends with a tier.</summary>
        /// <param name="left">Flows that reach it.</param>
        /// <param name="correct">The number of these that are answered rightly.</param>
        /// <param name="first">How long flows waited that the first tier answered.</param>
        /// <param name="second">The same of the second.</param>
        /// <param name="waiting">How long the others wait, by waiting times.</param>
        void Offer(in Prefix prefix, int last, int left, int correct, WaitTally first, WaitTally second,
            WaitTally[] waiting)
        {
            var (tier, flows) = (tiers[last], search.Flows);
            var ns = (prefix.ComputeNs + (tier.Candidate.NsPerFlow * left)) / flows;
            var step = WaitTally.MedianStep(first, second, waiting[tier.Waits], flows);
            found.Offer(new()
            {
                Choices = prefix.Ending(last),
                Correct = prefix.Correct + correct,
                FirstErrors = prefix.FirstErrors,
                FirstPacket = prefix.FirstPacket + (tier.Candidate.Spec.Depth == 1 ? left : 0),
                MeanMs = (((double)(prefix.WaitNs + waiting[tier.Waits].SumNs) / flows) + ns) / 1e6,
                MedianMs = TimeScale.ToMs(step) + (ns / 1e6),
                ComputeNs = ns,
            });
        }
    }

    /// <summary>Sums up the tiers before the last, over all flows.</summary>
    readonly record struct Prefix(TierChoices Choices, int Correct, int FirstPacket, double ComputeNs, long WaitNs,
        (int Caught, int Wrong) FirstErrors)
    {
        public TierChoices Ending(int tier) => Choices.Count switch
        {
            0 => new(1, new(tier, 0), default, default, default),
            1 => Choices with { Count = 2, Second = new(tier, 0) },
            _ => Choices with { Count = 3, Third = new(tier, 0) },
        };
    }
}
