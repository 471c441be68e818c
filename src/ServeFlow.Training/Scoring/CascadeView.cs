using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Scoring;

/// <summary>Scores flows on a given number of packets each, with one tier's model.</summary>
/// <param name="tier">Number of the tier.</param>
/// <param name="packets">The number of packets of the flow that are scored, by position.</param>
/// <returns>The raw probabilities, a row for each flow.</returns>
delegate Predictions PacketScores(int tier, FlowSample flows, int[] packets);

/// <summary>
/// Holds what every tier of a cascade would see of each flow and when, were all before it unsure. It depends on the
/// tiers' escalation timeouts, not on thresholds: a flow goes from tier to tier in order, and only where it stops is
/// theirs to say.
/// </summary>
sealed class CascadeView
{
    readonly List<Predictions> tiers = [];
    readonly List<WaitOutcome[]> waitOutcomes = [];

    /// <summary>Gets each tier's predictions, on the packets that it would see.</summary>
    public IReadOnlyList<Predictions> Tiers => tiers;

    public int Packets(int flow, int tier) => waitOutcomes[tier][flow].Packets;

    /// <summary>Nanoseconds after the flow's first packet.</summary>
    public long ReadyNs(int flow, int tier) => waitOutcomes[tier][flow].ReadyNs;

    /// <summary>Every flow is waited for to the wait limit: what a tier sees that serves alone.</summary>
    /// <param name="whole">Each tier's predictions on the packets that come within the wait limit.</param>
    public static CascadeView FromFullWait(FlowWaits waits, IReadOnlyList<int> depths, IReadOnlyList<Predictions> whole)
    {
        var view = new CascadeView();
        foreach (var (depth, predictions) in depths.Zip(whole))
        {
            view.Add(predictions,
                [.. Enumerable.Range(0, waits.Flows.Count).Select(f => waits.WaitFor(f, depth, waits.LimitNs))]);
        }

        return view;
    }

    /// <param name="timeouts">The escalation timeouts by tier; null waits to the limit.</param>
    /// <param name="whole">Each tier's predictions on the packets that come within the wait limit.</param>
    /// <param name="score">Scores flows whose waiting ends earlier.</param>
    public static CascadeView From(FlowWaits waits, IReadOnlyList<int> depths, IReadOnlyList<Predictions> whole,
        IReadOnlyList<EscalationTimeoutRule?> timeouts, PacketScores score)
    {
        var view = new CascadeView();
        for (var t = 0; t < depths.Count; t++)
        {
            WaitOutcome[] all =
                [.. Enumerable.Range(0, waits.Flows.Count).Select(f => waits.WaitFor(f, depths[t], waits.LimitNs))];
            var outcomes = t == 0
                ? all
                : [.. all.Select((_, flow) => waits.WaitForNextTier(flow, view.waitOutcomes[t - 1][flow],
                depths[t - 1], depths[t], timeouts[t - 1]?.GetTimeoutNs(view.tiers[t - 1], flow) ?? waits.LimitNs))];
            int[] partial = [.. Enumerable.Range(0, all.Length).Where(f => outcomes[f].Packets < all[f].Packets)];
            view.Add(Rescored(t, waits.Flows, whole[t], outcomes, partial, score), outcomes);
        }

        return view;
    }

    static Predictions Rescored(int tier, FlowSample flows, Predictions whole, WaitOutcome[] outcomes, int[] partial,
        PacketScores score) => partial.Length == 0
        ? whole
        : whole.WithRows(partial, score(tier, flows.Subset(partial), [.. partial.Select(f => outcomes[f].Packets)]));

    void Add(Predictions predictions, WaitOutcome[] outcomes)
    {
        tiers.Add(predictions);
        waitOutcomes.Add(outcomes);
    }
}

/// <summary>Tells how long an unsure tier waits for a flow, by its answer.</summary>
/// <param name="Rule">How the tier answers.</param>
/// <param name="TimeoutsNs">The timeouts by predicted class, in nanoseconds from the packet that the flow was scored
/// on.</param>
sealed record EscalationTimeoutRule(TierRule Rule, IReadOnlyList<long> TimeoutsNs)
{
    public static EscalationTimeoutRule? From(TierPlan tier) => tier.EscalationTimeouts is { } timeouts
        ? new(tier.Rule, [.. timeouts.Select(p => p.Ticks * TimeSpan.NanosecondsPerTick)])
        : null;

    public long GetTimeoutNs(Predictions predictions, int flow)
    {
        Span<float> probabilities = stackalloc float[predictions.Classes];
        predictions[flow].CopyTo(probabilities);
        return TimeoutsNs[Rule.Decide(probabilities).LabelId];
    }
}
