namespace ServeFlow.Training.Calibration;

/// <summary>
/// Flows in groups of equal uncertainty, most unsure first: what a threshold can separate. Tree leaves give few
/// distinct probabilities, so groups may be large.
/// </summary>
static class UncertaintyGroups
{
    /// <summary>Each group, and a threshold that it is above and the next is not.</summary>
    public static List<(double Threshold, List<AssignmentSample> Flows)> From(IEnumerable<AssignmentSample> samples)
    {
        var groups = new List<(double Threshold, List<AssignmentSample> Flows)>();
        foreach (var group in samples.GroupBy(s => s.Uncertainty).OrderByDescending(g => g.Key))
        {
            if (groups.Count > 0)
            {
                groups[^1] = (Between(group.Key, group.Count(), groups[^1]), groups[^1].Flows);
            }

            groups.Add((group.Key, [.. group]));
        }

        if (groups.Count > 0)
        {
            groups[^1] = (AssignmentCurve.Always, groups[^1].Flows);
        }

        return groups;
    }

    /// <summary>
    /// Places a threshold between two groups, nearer to the smaller one: on other captures uncertainties shift a
    /// little, and a crowd that lands on the wrong side costs more than a few flows. A double finds room between any
    /// two floats.
    /// </summary>
    static double Between(double lower, int lowerFlows, (double Threshold, List<AssignmentSample> Flows) upper) =>
        lower + ((upper.Threshold - lower) * lowerFlows / (lowerFlows + upper.Flows.Count));
}
