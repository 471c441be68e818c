using ServeFlow.Flows;

namespace ServeFlow.Training.Datasets;

/// <summary>Compares the labels of flows that are in the data set twice, because two captures have the same bytes.
/// </summary>
static class CopiedFlows
{
    /// <summary>Counts the flows of copies whose label is another than that of the same flow in the first capture.
    /// </summary>
    /// <param name="flows">All flows with their labels.</param>
    /// <param name="firstCopies">[capture]: the first with the same bytes; null where all differ.</param>
    public static int CountLabelledDifferently(IReadOnlyList<(string Label, LabelledFlow Flow)> flows,
        int[]? firstCopies)
    {
        if (firstCopies is null)
        {
            return 0;
        }

        var labels = flows.Where(flow => firstCopies[flow.Flow.Capture] == flow.Flow.Capture)
            .GroupBy(flow => Identify(flow.Flow, firstCopies))
            .ToDictionary(same => same.Key, same => same.First().Label);
        return flows.Count(flow => labels.TryGetValue(Identify(flow.Flow, firstCopies), out var label)
            && label != flow.Label);
    }

    static (int Capture, FlowKey Key, long FirstNs, long Window) Identify(in LabelledFlow flow, int[] firstCopies) =>
        (firstCopies[flow.Capture], flow.Key, flow.FirstNs, flow.Window);
}
