using ServeFlow.Training.Calibration;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Tests a promise along the path that was chosen: levels from strict to lax, each at the whole risk, until the first
/// that fails (fixed-sequence testing; Angelopoulos and others, "Learn then Test", 2021, section 3). The flows are all
/// calibration flows, each answered by models and thresholds of other parts. The thresholds that would be served, which
/// are fitted on all parts, must pass the same test: they answer other flows than those of the parts do, and flows that
/// are alike on the first packet change sides together.
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
        var served = CascadeRun.ByRules(cascade.Calibration.Rules, cascade.SeenPredictions);
        var isVacuous = cascade.Tiers.Count == 1 || cascade.Calibration.Estimate.EscalatesAll;
        double Bound(CascadeRun some) => Betting(run, slow, some).Bound(promise.MaxLoss, promise.Risk);
        return new(promise, flows.Groups.Distinct().Count(), flows.Count, LostFlows.Count(answers, slow, flows),
            isVacuous ? 0 : Math.Max(Bound(answers), Bound(served)), cascade.Calibration.Estimate.Level.LostBound,
            isVacuous);
    }

    /// <summary>Determines whether captures show that answers keep a promise.</summary>
    /// <param name="slow">The last tier's predictions of the calibration flows.</param>
    /// <param name="byParts">Answers to the calibration flows, each by what was fitted on other parts.</param>
    /// <param name="served">Answers to the same flows by what would be served.</param>
    public static bool Holds(PlacementRun run, LossPromise promise, Predictions slow, CascadeRun byParts,
        CascadeRun served) => Betting(run, slow, byParts).Shows(promise.MaxLoss, promise.Risk)
            && Betting(run, slow, served).Shows(promise.MaxLoss, promise.Risk);

    static bool Holds(ChainPath path, int level, PlacementRun run, LossPromise promise)
    {
        Predictions[] tiers = [.. path.Tiers.Select(tier => tier.Predictions)];
        int[] tierOf = [.. Enumerable.Range(0, run.Flows.Count).Select(flow => path.Tier(flow, level))];
        return Holds(run, promise, tiers[^1], CascadeRun.From(tierOf, tiers),
            CascadeRun.ByRules([.. path.Rules(level)], tiers));
    }

    static CaptureBetting Betting(PlacementRun run, Predictions slow, CascadeRun answers) => CaptureBetting.From(
        run.Flows, flow => LostFlows.IsLost(answers.Answer(flow), slow, run.Flows, flow), run.Seed);
}
