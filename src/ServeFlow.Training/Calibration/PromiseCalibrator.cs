using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>A promise that was tested.</summary>
/// <param name="Promise">What was asked.</param>
/// <param name="Flows">Flows of captures that neither models nor thresholds had seen.</param>
/// <param name="Lost">The number of these flows that the early tiers lose under <paramref name="Rules"/>.</param>
/// <param name="Rules">The rules by tier: of the levels that passed, those that answer most flows early.</param>
/// <param name="Level">On the <see cref="ThresholdPath"/>; 0 where nothing could be promised and all flows
/// escalate.</param>
public sealed record CalibratedPromise(LossPromise Promise, int Flows, int Lost, IReadOnlyList<TierRule> Rules,
    int Level)
{
    /// <summary>Gets the largest credible share of flows lost, at the promise's confidence.</summary>
    public double Bound => FixedSequenceTest.UpperBound(Lost, Flows, Promise.Confidence);
}

/// <summary>Chooses the thresholds that answer most flows early while a promise on the loss can be kept.</summary>
public static class PromiseCalibrator
{
    /// <param name="path">Fixed by other flows than these.</param>
    /// <param name="tiers">Each tier's predictions of flows that nothing was trained or chosen on.</param>
    /// <param name="slow">What the last tier predicts of them where it waits to the limit.</param>
    /// <param name="flows">The same flows.</param>
    public static CalibratedPromise Calibrate(LossPromise promise, ThresholdPath path, IReadOnlyList<Predictions> tiers,
        Predictions slow, FlowSample flows)
    {
        // Level 0 answers nothing early and loses nothing: it needs no test.
        var levels = Enumerable.Range(1, ThresholdPath.Levels).Select(level =>
            CountLost(CascadeRun.ByRules(path.Rules(level), tiers), slow, flows));
        var level = 1 + FixedSequenceTest.LastPassing(levels, flows.Count, promise);
        var rules = path.Rules(level);
        return new(promise, flows.Count, CountLost(CascadeRun.ByRules(rules, tiers), slow, flows), rules, level);
    }

    /// <summary>
    /// Flows that are answered wrongly and that the last tier, asked at once, would have answered rightly.
    /// </summary>
    public static int CountLost(CascadeRun run, Predictions slow, FlowSample flows) =>
        Enumerable.Range(0, run.Flows)
            .Count(flow => run.Answer(flow) != flows.Labels[flow] && slow.TopClass(flow) == flows.Labels[flow]);
}
