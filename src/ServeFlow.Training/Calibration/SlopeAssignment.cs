using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// A threshold for each predicted class, found greedily by slope: the next to be lowered, and how far, is whatever
/// wins most per flow escalated; it ends where nothing is won any more. The same thing said otherwise: for each class
/// the gain to be expected is a rising function of uncertainty, found by isotonic regression, and one threshold on
/// that gain holds for all classes.
/// </summary>
static class SlopeAssignment
{
    /// <summary>
    /// Specifies the value that calibration uses for <c>prior</c>: on cached predictions (docs/assignment.md)
    /// thresholds per class are then nowhere worse on other captures than one for all, and keep what they win where
    /// classes differ.
    /// </summary>
    public const double DefaultPrior = 1000;

    /// <summary>Slopes that rounding alone sets apart are equal.</summary>
    const double Rounding = 1e-12;

    /// <param name="answered">Flows that earlier tiers have answered.</param>
    /// <param name="samples">Flows that reach the tier.</param>
    /// <param name="value">What escalating a flow wins: <see cref="AssignmentSample.Gain"/>, or 1 for an error
    /// caught.</param>
    /// <param name="prior">
    /// So many flows, worth what flows of the same uncertainty are worth in all classes, are added to each class: a
    /// class of few flows follows the others. 0 follows each class's own flows alone.
    /// </param>
    /// <param name="isWhole">Goes on where nothing is won any more, until everything is escalated.</param>
    public static AssignmentCurve Trace(ConfusionMatrix answered, IReadOnlyList<AssignmentSample> samples,
        Func<AssignmentSample, int> value, double prior = 0, bool isWhole = false)
    {
        var common = prior > 0 ? CommonSlopes(samples, value) : [];
        var steps = samples.GroupBy(s => s.Fast)
            .SelectMany(byClass => Segments(byClass.Key, Weighed([.. byClass], value, prior, common)))
            .Where(s => isWhole || s.Slope > Rounding)
            .OrderByDescending(s => s.Slope)
            .ThenBy(s => s.Step.Class)
            .Select(s => s.Step);
        return AssignmentCurve.Trace(answered, samples, steps);
    }

    /// <summary>Computes, by uncertainty, what escalating a flow of any class gains.</summary>
    static Dictionary<float, double> CommonSlopes(IReadOnlyList<AssignmentSample> samples,
        Func<AssignmentSample, int> value) => Segments(-1, Weighed(samples, value, 0, []))
            .SelectMany(s => s.Step.Escalated.Select(flow => flow.Uncertainty).Distinct(), (s, u) => (u, s.Slope))
            .ToDictionary();

    /// <summary>Makes groups of equal uncertainty, and what escalating each of them is worth.</summary>
    static List<Group> Weighed(IReadOnlyList<AssignmentSample> samples, Func<AssignmentSample, int> value, double prior,
        Dictionary<float, double> common)
    {
        var borrowed = prior / (samples.Count + prior);
        return
        [
            .. UncertaintyGroups.From(samples).Select(group => new Group(group.Threshold, group.Flows,
                ((1 - borrowed) * group.Flows.Sum(value))
                    + (borrowed == 0 ? 0 : borrowed * group.Flows.Count * common[group.Flows[0].Uncertainty]))),
        ];
    }

    /// <summary>
    /// The steepest way down one class's groups: from each place, the stretch with the largest value per flow. Slopes
    /// fall along the way (it is the upper hull of value over flows), so sorting all classes' segments by slope keeps
    /// each class's order, and is the greedy choice.
    /// </summary>
    static List<(double Slope, AssignmentStep Step)> Segments(int label, List<Group> groups)
    {
        var hull = new List<(double Value, int Flows, int End)>();
        for (var g = 0; g < groups.Count; g++)
        {
            var segment = (groups[g].Value, Flows: groups[g].Flows.Count, End: g + 1);

            // A stretch steeper than the one before it belongs to it. Equal ones join too, so slopes fall strictly.
            while (hull.Count > 0
                && (segment.Value / segment.Flows) + Rounding >= hull[^1].Value / hull[^1].Flows)
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
            segments.Add((sum / flows, new(label, groups[end - 1].Threshold, escalated)));
            begin = end;
        }

        return segments;
    }

    readonly record struct Group(double Threshold, List<AssignmentSample> Flows, double Value);
}
