using ServeFlow.Flows;

namespace ServeFlow.Serving.Workers;

/// <summary>Says which lane answers new flows. Immutable; replaced whole.</summary>
/// <param name="Main">Answers the flows that no other lane does.</param>
/// <param name="Canary">Answers a share of the flows; null where there is none.</param>
/// <param name="Share">The canary's share of flows, from 0 to 1.</param>
/// <param name="Shadow">Answers all flows too, for comparison alone; null where nothing does.</param>
sealed record LaneChoice(PlanLane Main, PlanLane? Canary = null, double Share = 0, ShadowRun? Shadow = null)
{
    /// <summary>Parts of all flows that a share is rounded to.</summary>
    const int Parts = 1 << 20;

    readonly uint bound = (uint)Math.Round(Share * Parts);

    /// <summary>Gets the lane of a new flow: the same for all flows of the same ends, in every run.</summary>
    public PlanLane Choose(in FlowKey key) =>
        Canary is not null && (FlowShare.Hash(key) & (Parts - 1)) < bound ? Canary : Main;
}
