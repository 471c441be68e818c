using ServeFlow.Training.Calibration;

namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Tests a promise along the path that was chosen: levels from strict to lax, each at the whole risk, until the first
/// that fails (fixed-sequence testing; Angelopoulos and others, "Learn then Test", 2021, section 3). The flows are all
/// calibration flows, each answered by models and thresholds of other parts.
/// </summary>
static class PromisedLevel
{
    /// <summary>Lowers a chain to the last level that keeps a promise.</summary>
    public static ChosenChain Lower(ChosenChain chosen, PlacementRun run, LossPromise promise)
    {
        var level = 0;
        while (level < chosen.Estimate.Level && Holds(chosen.Path, level + 1, run, promise))
        {
            level++;
        }

        return level == chosen.Estimate.Level ? chosen : run.AtLevel(chosen.Path, level);
    }

    /// <summary>Tests what is served.</summary>
    public static TestedPromise Test(PlacedCascade cascade, PlacementRun run, LossPromise promise)
    {
        var (flows, answers) = (run.Flows, cascade.Calibration.Run);
        var slow = cascade.Tiers[^1].Predictions;
        var isVacuous = cascade.Tiers.Count == 1 || cascade.Calibration.Estimate.EscalatesAll;
        var betting = CaptureBetting.From(flows, flow =>
            LostFlows.IsLost(answers.Answer(flow), slow, flows, flow), run.Seed);
        return new(promise, flows.Groups.Distinct().Count(), flows.Count, LostFlows.Count(answers, slow, flows),
            isVacuous ? 0 : betting.Bound(promise.MaxLoss, promise.Risk),
            cascade.Calibration.Estimate.Level.LostBound, isVacuous);
    }

    static bool Holds(ChainPath path, int level, PlacementRun run, LossPromise promise)
    {
        var slow = path.Tiers[^1].Predictions;
        return CaptureBetting.From(run.Flows, flow => LostFlows.IsLost(
            path.Tiers[path.Tier(flow, level)].Predictions.TopClass(flow), slow, run.Flows, flow), run.Seed)
            .Shows(promise.MaxLoss, promise.Risk);
    }
}
