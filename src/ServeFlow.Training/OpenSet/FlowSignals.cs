using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.OpenSet;

/// <summary>Measures flows of a data set as serving would: by the packets that came before the wait limit.</summary>
sealed class FlowSignals(TimeSpan waitLimit)
{
    /// <summary>
    /// Flows whose openings are kept: a table of some megabytes. What they say hardly changes with more.
    /// </summary>
    const int MaxFlows = 50_000;

    /// <summary>Counts the openings of flows that a tier was trained on.</summary>
    public OpeningCounts Count(FlowSample flows, int depth)
    {
        var counts = new OpeningCounts(Math.Min(depth, OpeningTable.MaxPackets));
        var hash = new OpeningHash(flows.Data.Schema);
        var every = (flows.Count + MaxFlows - 1) / MaxFlows;
        for (var i = 0; i < flows.Count; i += Math.Max(1, every))
        {
            counts.Add(hash, flows.Packets(i)[..Packets(flows, i, depth)], flows.Labels[i]);
        }

        return counts;
    }

    /// <summary>Computes a tier's signals for some flows, and what it would answer.</summary>
    /// <param name="predictions">The tier's, a row for each flow.</param>
    /// <param name="packets">The number of packets that the tier saw, by position.</param>
    public TierSignals Compute(FlowSample flows, Predictions predictions, TierRule rule, OpeningTable openings,
        Func<int, int> packets)
    {
        var (signals, predicted) = (new NoveltySignals[flows.Count], new int[flows.Count]);
        var probabilities = new float[predictions.Classes];
        for (var i = 0; i < signals.Length; i++)
        {
            predictions[i].CopyTo(probabilities);
            var decision = rule.Decide(probabilities);
            signals[i] = openings.ComputeSignals(decision, flows.Packets(i)[..packets(i)]);
            predicted[i] = decision.LabelId;
        }

        return new(signals, predicted);
    }

    /// <summary>Gets how many packets of a flow a tier of this depth sees if it waits to the limit.</summary>
    public int Packets(FlowSample flows, int position, int depth) =>
        WaitTime.Compute(flows, position, depth, waitLimit).Packets;
}
