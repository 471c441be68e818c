using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Audits;

/// <summary>Holds back the captures that came last, whole.</summary>
static class LaterCaptures
{
    /// <summary>
    /// A capture is as late as its flows are, on average, among all flows of their classes; a class that would be left
    /// without training flows keeps its captures there.
    /// </summary>
    /// <exception cref="InputException">Nothing can be held back.</exception>
    public static SplitParts Split(DataSet data, IReadOnlyList<int> flows, double share)
    {
        var lateness = Lateness(data, flows);
        var captures = flows.GroupBy(flow => data.Flows[flow].Capture)
            .OrderByDescending(group => group.Average(flow => lateness[flow])).ThenBy(group => group.Key);
        var left = flows.CountBy(flow => data.Flows[flow].Label).ToDictionary();
        var rest = new List<int>();
        foreach (var capture in captures)
        {
            var classes = capture.CountBy(flow => data.Flows[flow].Label).ToArray();
            if (rest.Count + (capture.Count() / 2) <= share * flows.Count && classes.All(c => left[c.Key] > c.Value))
            {
                rest.AddRange(capture);
                Array.ForEach(classes, c => left[c.Key] -= c.Value);
            }
        }

        return rest.Count > 0
            ? new([.. flows.Except(rest).Order()], [.. rest.Order()], null)
            : throw new InputException("no class has captures of two times; give more captures");
    }

    /// <summary>Place of each flow among its class's, by the time of its capture's first packet: from 0 to 1.</summary>
    static Dictionary<int, double> Lateness(DataSet data, IReadOnlyList<int> flows)
    {
        var begins = flows.GroupBy(flow => data.Flows[flow].Capture)
            .ToDictionary(group => group.Key, group => group.Min(flow => data.Flows[flow].FirstNs));
        var lateness = new Dictionary<int, double>(flows.Count);
        foreach (var ofClass in flows.GroupBy(flow => data.Flows[flow].Label))
        {
            var ordered = ofClass.OrderBy(flow => begins[data.Flows[flow].Capture]).ThenBy(flow => flow).ToArray();
            for (var i = 0; i < ordered.Length; i++)
            {
                lateness[ordered[i]] = (i + 0.5) / ordered.Length;
            }
        }

        return lateness;
    }
}
