using ServeFlow.Training.Evaluation;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// How well an order of escalation tells which flows gain by it, in one number: the area under (share escalated,
/// weighted F1), 0 where it is that of escalating at random and 1 where it is the oracle's, which escalates first what
/// the last tier mends and last what it breaks.
/// </summary>
public static class AssignmentArea
{
    /// <param name="curve">From nothing escalated on; where it ends early, the rest follows at random.</param>
    /// <param name="answered">Flows that earlier tiers have answered.</param>
    /// <param name="samples">Flows that reach the tier.</param>
    /// <returns>At most 1; below 0 where chance does better. 1 where the oracle gains nothing over chance.</returns>
    public static double Of(AssignmentCurve curve, ConfusionMatrix answered, IReadOnlyList<AssignmentSample> samples)
    {
        var oracle = AssignmentCurve.Trace(answered, samples, samples.GroupBy(s => s.Gain)
            .OrderByDescending(g => g.Key).Select(g => new AssignmentStep(-1, 0, [.. g])));
        var (first, last) = (oracle.Points[0].WeightedF1, oracle.Points[^1].WeightedF1);
        var random = (first + last) / 2;
        var gained = Area(oracle, last) - random;
        return gained <= 0 ? 1 : (Area(curve, last) - random) / gained;
    }

    /// <summary>By trapezoids: between two points flows are escalated in no order.</summary>
    static double Area(AssignmentCurve curve, double last)
    {
        var (area, share, f1) = (0.0, 0.0, curve.Points[0].WeightedF1);
        foreach (var point in curve.Points.Skip(1))
        {
            area += (point.Share - share) * (point.WeightedF1 + f1) / 2;
            (share, f1) = (point.Share, point.WeightedF1);
        }

        return area + ((1 - share) * (last + f1) / 2);
    }
}
