using ServeFlow.Training.Calibration;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Benchmarks.Promises;

/// <summary>Tells what a cascade that was placed on one draw of captures does with the whole population.</summary>
/// <param name="LostShare">Share of all flows that it answers early and wrongly where its last tier is right.</param>
/// <param name="UndrawnLostShare">The same share of the flows of captures that were not drawn.</param>
/// <param name="EarlyShare">Share of all flows that it answers before the last tier.</param>
/// <param name="FirstPacketShare">Share of all flows that it answers on packet 1.</param>
/// <param name="IsVacuous">Whether nothing is answered early, so that nothing was promised.</param>
/// <param name="Bound">The share that <c>train</c> says is lost at most.</param>
sealed record PromiseTrial(double LostShare, double UndrawnLostShare, double EarlyShare, double FirstPacketShare,
    bool IsVacuous, double Bound)
{
    /// <summary>Places cascades on captures that were drawn as <c>train</c> does, and judges them on the population.
    /// </summary>
    /// <param name="requests">What <c>train</c> is asked for: requests that differ in their promise alone.</param>
    /// <param name="captures">The captures that were drawn.</param>
    /// <returns>A trial for each request.</returns>
    public static PromiseTrial[] Run(CapturePopulation population, IReadOnlyList<TrainRequest> requests, int[] captures,
        CancellationToken cancel)
    {
        var (data, candidates) = population.Take(captures);
        var fitted = new CrossFittedTiers(data.CalibrationFlows, data.Parts, requests[0].Goal.Calibration);
        var isDrawn = population.AreDrawn(captures);
        return
        [
            .. requests.Select(request =>
            {
                var placed = PlacedTiers.Choose(data, candidates, request.Placement with { Fitted = fitted },
                    request.Options, new(request.Specs, false, false, null), cancel);
                return Judge(population, placed.Cascade, isDrawn,
                    PromisedLevel.Test(placed.Cascade, placed.Run, request.Promise!));
            }),
        ];
    }

    /// <summary>Answers every flow of the population by the rules and timeouts that would be served.</summary>
    static PromiseTrial Judge(CapturePopulation population, PlacedCascade placed, bool[] isDrawn, TestedPromise tested)
    {
        var flows = population.Flows;
        TierCandidate[] tiers =
            [.. placed.Tiers.Select(tier => population.Candidates.Single(all => all.Spec == tier.Spec))];
        Predictions[] whole = [.. tiers.Select(tier => tier.Predictions)];
        var rules = placed.Calibration.Rules;
        var timeouts = placed.EscalationTimeouts?.TimeoutsNs ?? [.. tiers.Select(_ => (IReadOnlyList<long>?)null)];
        var view = CascadeView.From(new(flows, flows.Data.WaitLimit), [.. tiers.Select(tier => tier.Spec.Depth)],
            whole, [.. rules.Zip(timeouts, (rule, ns) => ns is null ? null : new EscalationTimeoutRule(rule, ns))],
            (tier, some, packets) => tiers[tier].ScorePackets!(some, packets));
        var answers = CascadeRun.ByRules(rules, view.Tiers);
        int[] all = [.. Enumerable.Range(0, flows.Count)];
        int[] undrawn = [.. all.Where(flow => !isDrawn[flow])];
        bool IsLost(int flow) => LostFlows.IsLost(answers.Answer(flow), whole[^1], flows, flow);
        static double Share(int[] flows, Func<int, bool> isCounted) => flows.Count(isCounted) / (double)flows.Length;
        return new(Share(all, IsLost), Share(undrawn, IsLost),
            Share(all, flow => answers.Tier(flow) < tiers.Length - 1),
            Share(all, flow => tiers[answers.Tier(flow)].Spec.Depth == 1), tested.IsVacuous, tested.Bound);
    }
}
