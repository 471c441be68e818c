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
    public static SplitParts Split(FlowSample flows, double share)
    {
        var lateness = Lateness(flows);
        var captures = Enumerable.Range(0, flows.Count).GroupBy(position => flows.Captures[position])
            .OrderByDescending(group => group.Average(position => lateness[position])).ThenBy(group => group.Key);
        var left = flows.Labels.CountBy(label => label).ToDictionary();
        var rest = new List<int>();
        foreach (var capture in captures)
        {
            var classes = capture.CountBy(position => flows.Labels[position]).ToArray();
            if (rest.Count + (capture.Count() / 2) <= share * flows.Count && classes.All(c => left[c.Key] > c.Value))
            {
                rest.AddRange(capture);
                Array.ForEach(classes, c => left[c.Key] -= c.Value);
            }
        }

        var held = flows.Subset([.. rest.Order()]);
        return rest.Count > 0
            ? new(flows.Except(held), held, null)
            : throw new InputException("no class has captures of two times; give more captures");
    }

    /// <summary>Ranks each flow among its class's, by the time of its capture's first packet: from 0 to 1.</summary>
    static double[] Lateness(FlowSample flows)
    {
        var begins = flows.GroupBy(flow => flow.Capture)
            .ToDictionary(group => group.Key, group => group.Min(flow => flow.FirstNs));
        var lateness = new double[flows.Count];
        foreach (var ofClass in Enumerable.Range(0, flows.Count).GroupBy(position => flows.Labels[position]))
        {
            var ordered = ofClass.OrderBy(position => begins[flows.Captures[position]]).ThenBy(flows.FlowIndex)
                .ToArray();
            for (var i = 0; i < ordered.Length; i++)
            {
                lateness[ordered[i]] = (i + 0.5) / ordered.Length;
            }
        }

        return lateness;
    }
}
