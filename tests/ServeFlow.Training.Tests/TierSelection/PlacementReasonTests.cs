using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Calibration;
using ServeFlow.Training.TierSelection;
using Xunit;

namespace ServeFlow.Training.Tests.TierSelection;

/// <summary>What is said of the chosen cascade is computed from it, good and bad.</summary>
public sealed class PlacementReasonTests
{
    const int Flows = 400;

    static readonly (FlowSample Flows, List<Predictions> Tiers) Known =
        CalibrationGen.Tiers(Flows, seed: 5, [.. Enumerable.Range(0, Flows).Select(f => f % 9)]);

    static readonly TierCandidate[] Candidates =
        [Candidate("dt", 1, 0, 0.6), Candidate("lgbm", 2, 1, 0.7), Candidate("lgbm", 10, 2, 0.8)];

    [Fact]
    public void ToString_BetterThanOneModel_NamesItAndWhatTheOthersDoBetter()
    {
        var why = Reason(weightedF1: 0.75, meanMs: 1);

        Assert.Contains("On 9 captures, each answered by models and thresholds of others, it loses ", why);
        Assert.Contains("as accurate and as fast as lgbm@2 or better", why);
        Assert.Contains("dt@1 answers sooner and is less accurate by 0.1500", why);
        Assert.Contains("lgbm@10 is more accurate by 0.0500 and takes 10.0 times as long", why);
    }

    [Fact]
    public void ToString_OneModelBetterInBoth_SaysThatItAloneWouldDo()
    {
        var why = Reason(weightedF1: 0.65, meanMs: 5);

        Assert.Contains("not both more accurate and faster than any single model", why);
        Assert.Contains("lgbm@2 is more accurate by 0.0500 and answers sooner: it alone would do", why);
    }

    [Fact]
    public void ToString_Objective_SaysWhatWasSoughtWithinWhat()
    {
        var why = Reason(0.75, 1, new(PlacementAim.Mean) { MaxMedianMs = 30 });

        Assert.Contains("the least mean time to an answer", why);
        Assert.Contains("at most 0.2 below the best model's and 30 ms in the median", why);
    }

    static string Reason(double weightedF1, double meanMs, PlacementObjective? objective = null)
    {
        var options = new PlacementOptions
        {
            Goal = new() { MaxLoss = 0.2 },
            Objective = objective,
            Tiers = objective is null ? [new("dt", 1), new("lgbm", 10)] : null,
        };
        var run = new PlacementRun(Known.Flows, [.. Enumerable.Range(0, Flows).Select(f => f % 3)], Candidates, options,
            TestContext.Current.CancellationToken);
        var point = run.Cascade.Measure(Known.Flows);
        return new PlacementReason(run, run.Cascade, point with
        {
            Tiers = [new("dt", 1), new("lgbm", 10)],
            WeightedF1 = weightedF1,
            MeanMs = meanMs,
        }).ToString();
    }

    static TierCandidate Candidate(string model, int depth, int skill, double f1) => TierCandidates.New(model, depth,
        Known.Tiers[skill], _ => (depth - 1) * (depth == 2 ? 2_000_000L : 1_111_111L), f1);
}
