using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Calibration;

/// <summary>Represents one point of an assignment curve, after a threshold was lowered.</summary>
/// <param name="Class">The class whose threshold was lowered; −1 where all were.</param>
/// <param name="Threshold">The new value of the threshold.</param>
/// <param name="Escalated">Flows above their thresholds now.</param>
/// <param name="Share">The escalated share of the flows that reach the tier, from 0 to 1.</param>
/// <param name="WeightedF1">The weighted F1 of the mixture: the last tier answers the escalated flows.</param>
/// <param name="Caught">Share of the tier's wrong answers that are escalated; 1 where none is wrong.</param>
/// <param name="Gain">Answers corrected less answers worsened.</param>
public readonly record struct AssignmentPoint(int Class, double Threshold, int Escalated, double Share,
    double WeightedF1, double Caught, int Gain);

/// <summary>
/// Traces what escalating more and more flows does. Flows with equal uncertainty go together, so no point stands for a
/// number of flows that thresholds could not bring about.
/// </summary>
public sealed class AssignmentCurve
{
    /// <summary>Uncertainty is at most 1, so nothing is above it.</summary>
    public const double Never = 1;

    /// <summary>Uncertainty is at least 0, so everything is above it.</summary>
    public const double Always = -1;

    readonly int classes;

    /// <summary>[class]: whether a flow that was traced is predicted to be of it.</summary>
    readonly bool[] known;

    AssignmentCurve(int classes, IReadOnlyList<AssignmentPoint> points, bool[] known)
    {
        this.classes = classes;
        this.known = known;
        Points = points;
    }

    /// <summary>
    /// Gets the points, from nothing escalated on; <see cref="AssignmentPoint.Escalated"/> rises strictly.
    /// </summary>
    public IReadOnlyList<AssignmentPoint> Points { get; }

    /// <summary>Finds the last point that escalates at most a share of the flows.</summary>
    public int LastWithinShare(double share)
    {
        var (from, to) = (0, Points.Count);
        while (to - from > 1)
        {
            var middle = (from + to) / 2;
            (from, to) = Points[middle].Share <= share ? (middle, to) : (from, middle);
        }

        return from;
    }

    /// <summary>Determines whether any flow that was traced is predicted to be of a class: of others no threshold is
    /// known.</summary>
    public bool Knows(int label) => known[label];

    /// <summary>Returns the thresholds, by class, that bring a point about.</summary>
    public double[] Thresholds(int point)
    {
        var thresholds = new double[classes];
        Array.Fill(thresholds, Never);
        foreach (var step in Points.Take(point + 1))
        {
            if (step.Class < 0)
            {
                Array.Fill(thresholds, step.Threshold);
            }
            else
            {
                thresholds[step.Class] = step.Threshold;
            }
        }

        return thresholds;
    }

    /// <summary>Returns the point that escalates each flow first; the number of points where none does.</summary>
    public int[] PointsOf(IReadOnlyList<AssignmentSample> samples)
    {
        var steps = Points.Index().Skip(1).ToLookup(p => p.Item.Class, p => (p.Item.Threshold, p.Index));
        (double Threshold, int Point)[][] falling =
            [.. Enumerable.Range(-1, classes + 1).Select(c => steps[c].ToArray())];
        return [.. samples.Select(s =>
            Math.Min(First(falling[0], s.Uncertainty), First(falling[s.Fast + 1], s.Uncertainty)))];
    }

    /// <summary>Returns the first of falling thresholds that an uncertainty is above.</summary>
    int First((double Threshold, int Point)[] falling, float uncertainty)
    {
        var (from, to) = (0, falling.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = uncertainty > falling[middle].Threshold ? (from, middle) : (middle + 1, to);
        }

        return from == falling.Length ? Points.Count : falling[from].Point;
    }

    /// <summary>Follows thresholds as they are lowered.</summary>
    /// <param name="answered">Flows that earlier tiers have answered; they count in the F1.</param>
    /// <param name="all">The flows that reach the tier.</param>
    /// <param name="steps">What each lowering escalates.</param>
    internal static AssignmentCurve Trace(ConfusionMatrix answered, IReadOnlyList<AssignmentSample> all,
        IEnumerable<AssignmentStep> steps)
    {
        var mixture = answered.Copy();
        foreach (var sample in all)
        {
            mixture.Add(sample.Label, sample.Fast);
        }

        var wrong = all.Count(s => s.FastIsWrong);
        var (escalated, caught, gain) = (0, 0, 0);
        var points = new List<AssignmentPoint> { Point(-1, Never) };
        foreach (var step in steps)
        {
            foreach (var sample in step.Escalated)
            {
                mixture.Add(sample.Label, sample.Fast, -1);
                mixture.Add(sample.Label, sample.Slow);
                caught += sample.FastIsWrong ? 1 : 0;
                gain += sample.Gain;
            }

            escalated += step.Escalated.Count;
            points.Add(Point(step.Class, step.Threshold));
        }

        var known = new bool[answered.Classes];
        foreach (var sample in all)
        {
            known[sample.Fast] = true;
        }

        return new(answered.Classes, points, known);

        AssignmentPoint Point(int label, double threshold) => new(label, threshold, escalated,
            all.Count == 0 ? 0 : (double)escalated / all.Count, mixture.WeightedF1,
            wrong == 0 ? 1 : (double)caught / wrong, gain);
    }
}

/// <summary>Represents one lowering of a threshold, with the flows that it escalates.</summary>
/// <param name="Class">Whose threshold; −1 for all.</param>
/// <param name="Threshold">Its new value.</param>
/// <param name="Escalated">Flows that rise above it by that.</param>
readonly record struct AssignmentStep(int Class, double Threshold, IReadOnlyList<AssignmentSample> Escalated);
