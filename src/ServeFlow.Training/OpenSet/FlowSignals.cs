using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.OpenSet;

/// <summary>Measures flows of a data set as serving would: by the packets that came before the wait limit.</summary>
sealed class FlowSignals(DataSet data, TimeSpan waitLimit)
{
    /// <summary>
    /// Flows whose openings are kept: a table of some megabytes. What they say hardly changes with more.
    /// </summary>
    const int MaxFlows = 50_000;

    /// <summary>Counts the openings of flows that a tier was trained on.</summary>
    public OpeningCounts Count(IReadOnlyList<int> flows, int depth)
    {
        var counts = new OpeningCounts(Math.Min(depth, OpeningTable.MaxPackets));
        var hash = new OpeningHash(data.Schema);
        var every = (flows.Count + MaxFlows - 1) / MaxFlows;
        for (var i = 0; i < flows.Count; i += Math.Max(1, every))
        {
            counts.Add(hash, data.Packets(flows[i])[..Packets(flows[i], depth)], data.Flows[flows[i]].Label);
        }

        return counts;
    }

    /// <summary>A tier's signals for some flows.</summary>
    /// <param name="flows">Places in <see cref="DataSet.Flows"/>.</param>
    /// <param name="rows">Their rows in the predictions.</param>
    /// <param name="packets">By row: how many packets the tier saw.</param>
    public NoveltySignals[] Compute(IReadOnlyList<int> flows, Predictions predictions, IReadOnlyList<int> rows, TierRule rule,
        OpeningTable openings, Func<int, int> packets)
    {
        var signals = new NoveltySignals[flows.Count];
        var probabilities = new float[predictions.Classes];
        for (var i = 0; i < signals.Length; i++)
        {
            predictions[rows[i]].CopyTo(probabilities);
            signals[i] = openings.ComputeSignals(rule.Decide(probabilities), data.Packets(flows[i])[..packets(rows[i])]);
        }

        return signals;
    }

    /// <summary>How many packets of a flow a tier of this depth sees that waits to the limit.</summary>
    public int Packets(int flow, int depth) => WaitTime.Compute(data, flow, depth, waitLimit).Packets;
}
