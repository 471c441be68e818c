using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Calibration;

/// <summary>Represents a share of the flows escalated and the weighted F1 of the mixture, for a line to draw.</summary>
public readonly record struct SharePoint(double Share, double WeightedF1);

/// <summary>
/// Computes the two lines that an assignment curve lies between: escalation at random, and by an oracle that knows
/// which answers the last tier corrects.
/// </summary>
static class MixtureSeries
{
    /// <summary>A point for each percent: enough to draw, and the area under it is exact to six digits.</summary>
    public const int Steps = 100;

    /// <summary>Computes escalation at random: at each share, the F1 of the expected counts.</summary>
    /// <param name="answered">Flows that earlier tiers have answered.</param>
    /// <param name="samples">Flows that reach the tier.</param>
    public static IReadOnlyList<SharePoint> Random(ConfusionMatrix answered, IReadOnlyList<AssignmentSample> samples) =>
        Compute(answered, [samples]);

    /// <summary>
    /// Escalates first what the last tier corrects, then what changes nothing, last what it worsens; within each of the
    /// three in no order.
    /// </summary>
    /// <inheritdoc cref="Random"/>
    public static IReadOnlyList<SharePoint> Oracle(ConfusionMatrix answered, IReadOnlyList<AssignmentSample> samples) =>
        Compute(answered, [.. samples.GroupBy(s => s.Gain).OrderByDescending(g => g.Key).Select(g => g.ToArray())]);

    /// <summary>Returns the mean height of a line from share 0 to share 1, by trapezoids.</summary>
    public static double Area(IReadOnlyList<SharePoint> points) => points.Zip(points.Skip(1),
        (a, b) => (b.Share - a.Share) * (a.WeightedF1 + b.WeightedF1) / 2).Sum();

    /// <summary>Escalates one group after the other, each little by little and in no order.</summary>
    /// <param name="answered">Flows that earlier tiers have answered.</param>
    public static IReadOnlyList<SharePoint> Compute(ConfusionMatrix answered,
        IReadOnlyList<IReadOnlyList<AssignmentSample>> groups)
    {
        var counts = new ExpectedCounts(answered);
        foreach (var sample in groups.SelectMany(g => g))
        {
            counts.Add(sample.Label, sample.Fast, 1);
        }

        var points = new List<SharePoint> { new(0, counts.WeightedF1) };
        var (done, all) = (0, groups.Sum(g => g.Count));
        foreach (var group in groups)
        {
            var steps = Math.Max(1, (int)Math.Ceiling((double)Steps * group.Count / all));
            for (var step = 1; step <= steps; step++)
            {
                counts.Escalate(group, 1.0 / steps);
                points.Add(new((done + ((double)group.Count * step / steps)) / all, counts.WeightedF1));
            }

            done += group.Count;
        }

        return points;
    }
}
