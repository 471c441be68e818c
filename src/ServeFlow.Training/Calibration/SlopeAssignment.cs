using ServeFlow.Training.Evaluation;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// A threshold for each predicted class, found greedily by slope: the next to be lowered, and how far, is whatever
/// wins most per flow escalated; it ends where nothing is won any more.
/// </summary>
public static class SlopeAssignment
{
    /// <param name="answered">Flows that earlier tiers have answered.</param>
    /// <param name="samples">Flows that reach the tier.</param>
    /// <param name="value">What escalating a flow wins: <see cref="AssignmentSample.Gain"/>, or 1 for an error
    /// caught.</param>
    public static AssignmentCurve Trace(ConfusionMatrix answered, IReadOnlyList<AssignmentSample> samples,
        Func<AssignmentSample, int> value)
    {
        var steps = samples.GroupBy(s => s.Fast)
            .SelectMany(byClass => Segments(byClass.Key, UncertaintyGroups.Of(byClass), value))
            .Where(s => s.Slope > 0)
            .OrderByDescending(s => s.Slope)
            .ThenBy(s => s.Step.Class)
            .Select(s => s.Step);
        return AssignmentCurve.Trace(answered, samples, steps);
    }

    /// <summary>
    /// The steepest way down one class's groups: from each place, the stretch with the largest value per flow. Slopes
    /// fall along the way (it is the upper hull of value over flows), so sorting all classes' segments by slope keeps
    /// each class's order, and is the greedy choice.
    /// </summary>
    static List<(double Slope, AssignmentStep Step)> Segments(int label,
        List<(double Threshold, List<AssignmentSample> Flows)> groups, Func<AssignmentSample, int> value)
    {
        var hull = new List<(int Value, int Flows, int End)>();
        for (var g = 0; g < groups.Count; g++)
        {
            var segment = (Value: groups[g].Flows.Sum(value), Flows: groups[g].Flows.Count, End: g + 1);

            // A stretch steeper than the one before it belongs to it. Equal ones join too, so slopes fall strictly.
            while (hull.Count > 0
                && (long)segment.Value * hull[^1].Flows >= (long)hull[^1].Value * segment.Flows)
            {
                segment = (segment.Value + hull[^1].Value, segment.Flows + hull[^1].Flows, segment.End);
                hull.RemoveAt(hull.Count - 1);
            }

            hull.Add(segment);
        }

        var begin = 0;
        var segments = new List<(double, AssignmentStep)>();
        foreach (var (sum, flows, end) in hull)
        {
            var escalated = groups[begin..end].SelectMany(g => g.Flows).ToList();
            segments.Add(((double)sum / flows, new(label, groups[end - 1].Threshold, escalated)));
            begin = end;
        }

        return segments;
    }
}
