using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Training.Pipeline;

/// <summary>Chooses how long each tier of a placed cascade waits, and says what the cascade then sees.</summary>
static class EscalationTimeoutTrainer
{
    /// <summary>Limits the flows on which right answers are counted: more do not change what is chosen.</summary>
    const int MaxFlows = 20_000;

    /// <param name="flows">The calibration flows: those that the candidates were measured on.</param>
    /// <param name="mostLost">Share of them that may be answered wrongly for it.</param>
    public static PlacedCascade FitTimeouts(PlacedCascade placed, FlowSample flows, double mostLost,
        CancellationToken cancel)
    {
        if (placed.Tiers.Count < 2 || placed.Tiers.Any(t => t.ScorePackets is null))
        {
            return placed;
        }

        var sample = EvenSample.Indices(flows.Count, MaxFlows);
        var table = new EscalationTimeoutTable(new(flows.Subset(sample), flows.Data.WaitLimit), Depths(placed),
            placed.Calibration.Rules, [.. placed.Tiers.Select(t => t.Predictions.Subset(sample))], Score);
        var classes = placed.Tiers[0].Predictions.Classes;
        var fitted = EscalationTimeoutFit.Fit(table, sample.Length, classes, mostLost * sample.Length, cancel);
        var view = View(placed with { EscalationTimeouts = fitted }, flows,
            [.. placed.Tiers.Select(t => t.Predictions)],
            Score);
        return (placed with { EscalationTimeouts = fitted, View = view }).With(placed.Calibration.Rules);

        Predictions Score(int tier, FlowSample some, int[] packets) => placed.Tiers[tier].ScorePackets!(some, packets);
    }

    /// <summary>Computes what the tiers of a placed cascade see of flows.</summary>
    /// <param name="whole">Their predictions on the packets that come within the wait limit.</param>
    public static CascadeView View(PlacedCascade placed, FlowSample flows, IReadOnlyList<Predictions> whole,
        PacketScores score) => CascadeView.From(new(flows, flows.Data.WaitLimit), Depths(placed), whole,
            [.. placed.Calibration.Rules.Select((rule, t) =>
                placed.EscalationTimeouts?.TimeoutsNs[t] is { } limits
                ? new EscalationTimeoutRule(rule, limits)
                : null)], score);

    static int[] Depths(PlacedCascade placed) => [.. placed.Tiers.Select(t => t.Spec.Depth)];
}
