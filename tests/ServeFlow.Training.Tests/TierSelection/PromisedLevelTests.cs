using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Calibration;
using ServeFlow.Training.TierSelection;
using Xunit;

namespace ServeFlow.Training.Tests.TierSelection;

/// <summary>A promise must hold for what judges each fold and for what is served.</summary>
public sealed class PromisedLevelTests
{
    const int Flows = 900;

    static readonly LossPromise Promise = new(0.1, 0.95);

    static readonly (FlowSample Flows, List<Predictions> Tiers) Known =
        CalibrationGen.Tiers(Flows, seed: 5, [.. Enumerable.Range(0, Flows).Select(f => f % 300)]);

    static readonly PlacementRun Run = new(Known.Flows, [.. Enumerable.Range(0, Flows).Select(f => f % 3)],
        [Candidate("dt", 1, 0), Candidate("lgbm", 10, 2)],
        new() { Goal = new() { MaxLoss = 0.1 }, Promise = Promise, Tiers = [new("dt", 1), new("lgbm", 10)] },
        TestContext.Current.CancellationToken);

    static readonly CascadeRun Fast = CascadeRun.SingleTier(Known.Tiers, 0);
    static readonly CascadeRun Slow = CascadeRun.SingleTier(Known.Tiers, 2);

    [Fact]
    public void Holds_OneOfBothLosesTooMuch_DoesNot()
    {
        bool Holds(CascadeRun byParts, CascadeRun served) =>
            PromisedLevel.Holds(Run, Promise, Known.Tiers[2], byParts, served);

        Assert.Equal((true, false, false), (Holds(Slow, Slow), Holds(Slow, Fast), Holds(Fast, Slow)));
    }

    [Fact]
    public void Test_WhatIsServed_LosesLessThanTheBound()
    {
        var served = CascadeRun.ByRules(Run.Cascade.Calibration.Rules, Run.Cascade.SeenPredictions);

        var tested = PromisedLevel.Test(Run.Cascade, Run, Promise);

        Assert.False(tested.IsVacuous);
        Assert.InRange(tested.Bound, LostFlows.Count(served, Known.Tiers[2], Known.Flows) / (double)Flows, 0.1);
    }

    static TierCandidate Candidate(string model, int depth, int tier) => TierCandidates.New(model, depth,
        Known.Tiers[tier], _ => (depth - 1) * 1_111_111L, Known.Flows);
}
