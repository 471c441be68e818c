using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.TierSelection;

public sealed class CandidateChainsTests
{
    static TierCandidate Candidate(string model, int depth, double f1, double ns, long readyNs = 0) =>
        TierCandidates.New(model, depth, new(1, 2), _ => readyNs, f1, ns);

    [Fact]
    public void ParetoFront_FourCandidates_KeepsThoseThatNoneBeats()
    {
        IReadOnlyList<TierCandidate> candidates =
        [
            Candidate("dt", 1, 0.6, 100),
            Candidate("rf", 1, 0.59, 500),
            Candidate("lgbm", 1, 0.7, 1000),
            Candidate("lgbm", 10, 0.85, 2000, readyNs: 1_000_000_000),
        ];

        Assert.Equal([true, false, true, true], ParetoFront.Compute(candidates));
    }

    [Fact]
    public void List_AnyCandidates_NeverLoseDepthNorCost()
    {
        IReadOnlyList<TierCandidate> candidates =
        [
            Candidate("dt", 1, 0.6, 100),
            Candidate("lgbm", 1, 0.7, 1000),
            Candidate("lgbm", 5, 0.8, 1500),
            Candidate("dt", 10, 0.65, 120),
            Candidate("lgbm", 10, 0.85, 2000),
        ];

        var chains = CandidateChains.List(candidates).ToList();

        Assert.Contains(chains, c => string.Join(',', c.Select(t => t.Spec)) == "dt@1,lgbm@1,lgbm@10");
        Assert.All(chains, chain =>
        {
            Assert.Equal(1, chain[0].Spec.Depth);
            Assert.Equal(new ModelSpec("lgbm", 10), chain[^1].Spec);
            Assert.Equal(chain.OrderBy(c => c.Spec.Depth).ThenBy(c => c.NsPerFlow), chain);
        });
    }

    [Fact]
    public void List_OtherKindHardlyWorseOnTheSamePackets_MayGiveASecondOpinion()
    {
        IReadOnlyList<TierCandidate> candidates =
        [
            Candidate("dt", 1, 0.72, 100),
            Candidate("lgbm", 1, 0.71, 1000),
            Candidate("rf", 1, 0.60, 500),
            Candidate("lgbm", 10, 0.85, 2000),
        ];

        var chains = CandidateChains.List(candidates).Select(c => string.Join(',', c.Select(t => t.Spec))).ToList();

        Assert.Contains("dt@1,lgbm@1,lgbm@10", chains);
        Assert.DoesNotContain("dt@1,rf@1,lgbm@10", chains);
    }

    [Fact]
    public void List_DeeperModelHardlyBetter_EndsAtTheShallowOne()
    {
        IReadOnlyList<TierCandidate> candidates =
        [Candidate("lgbm", 1, 0.9, 1), Candidate("lgbm", 10, 0.901, 1)];

        Assert.Equal([new ModelSpec("lgbm", 1)], Assert.Single(CandidateChains.List(candidates)).Select(c => c.Spec));
    }
}
