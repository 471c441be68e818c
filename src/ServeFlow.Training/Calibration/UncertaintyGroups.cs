namespace ServeFlow.Training.Calibration;

/// <summary>
/// Flows in groups of equal uncertainty, most unsure first: what a threshold can separate. Tree leaves give few
/// distinct probabilities, so groups may be large.
/// </summary>
static class UncertaintyGroups
{
    /// <summary>Each group, and a threshold that it is above and the next is not.</summary>
    public static List<(double Threshold, List<AssignmentSample> Flows)> Of(IEnumerable<AssignmentSample> samples)
    {
        var groups = new List<(double Threshold, List<AssignmentSample> Flows)>();
        foreach (var group in samples.GroupBy(s => s.Uncertainty).OrderByDescending(g => g.Key))
        {
            if (groups.Count > 0)
            {
                // Half way: flows yet unseen fall on either side alike. Between floats a double finds room always.
                groups[^1] = (((double)group.Key + groups[^1].Threshold) / 2, groups[^1].Flows);
            }

            groups.Add((group.Key, [.. group]));
        }

        if (groups.Count > 0)
        {
            groups[^1] = (AssignmentCurve.Always, groups[^1].Flows);
        }

        return groups;
    }
}
