using System.Collections.Immutable;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// Counts of a system's answers by class on every draw of captures, and the scores that follow, defined as those of
/// <see cref="ConfusionMatrix"/>.
/// </summary>
sealed class ClassDraws
{
    /// <summary>[class][draw]: flows of the class, its right answers, answers that name it.</summary>
    readonly (double Support, double Right, double Predicted)[][] counts;

    /// <summary>[class]: captures, or groups of flows, with flows of the class and with answers that name
    /// it.</summary>
    readonly (int Support, int Predicted)[] groups;

    readonly int draws;

    ClassDraws((double, double, double)[][] counts, (int, int)[] groups, int draws) =>
        (this.counts, this.groups, this.draws) = (counts, groups, draws);

    /// <param name="labels">[flow]: its true class.</param>
    /// <param name="classes">The number of classes.</param>
    public static ClassDraws Compute(CaptureDraws captures, ImmutableArray<int> labels, int classes,
        SystemAnswer[] answers)
    {
        var byGroup = new Dictionary<int, (double Support, double Right, double Predicted)>[classes];
        foreach (ref var groups in byGroup.AsSpan())
        {
            groups = [];
        }

        foreach (var answer in answers)
        {
            var (group, truth) = (captures.Group(answer.Flow), labels[answer.Flow]);
            var isRight = answer.Class == truth ? answer.Weight : 0;
            Add(byGroup[truth], group, (answer.Weight, isRight, isRight));
            if (answer.Class >= 0 && answer.Class != truth)
            {
                Add(byGroup[answer.Class], group, (0, 0, answer.Weight));
            }
        }

        return new([.. byGroup.Select(groups => Weigh(captures, groups))],
            [.. byGroup.Select(groups => (groups.Values.Count(g => g.Support > 0),
                groups.Values.Count(g => g.Predicted > 0)))], captures.Draws);
    }

    public double[] WeightedF1() => PerDraw(draw =>
    {
        var (sum, flows) = (0.0, 0.0);
        for (var c = 0; c < counts.Length; c++)
        {
            var (support, right, predicted) = counts[c][draw];
            sum += support == 0 ? 0 : support * 2 * right / (support + predicted);
            flows += support;
        }

        return sum / flows;
    });

    public double[] MacroF1() => PerDraw(draw =>
    {
        var (sum, present) = (0.0, 0);
        for (var c = 0; c < counts.Length; c++)
        {
            var (support, right, predicted) = counts[c][draw];
            sum += support + predicted == 0 ? 0 : 2 * right / (support + predicted);
            present += support + predicted > 0 ? 1 : 0;
        }

        return sum / present;
    });

    public double[] Accuracy() => PerDraw(draw => counts.Sum(c => c[draw].Right) / counts.Sum(c => c[draw].Support));

    /// <summary>Gets the interval of a class's precision; null where no answer names it.</summary>
    public Interval? Precision(int label) =>
        Share(counts[label].Select(c => c.Right / c.Predicted), groups[label].Predicted);

    /// <summary>Gets the interval of a class's recall; null where it has no flow.</summary>
    public Interval? Recall(int label) => Share(counts[label].Select(c => c.Right / c.Support), groups[label].Support);

    /// <summary>
    /// Gets the interval of a class's F1; null where it neither has a flow nor is named. Where draws show no spread, it
    /// follows from those of precision and recall.
    /// </summary>
    public Interval? F1(int label)
    {
        var drawn = Interval.From(counts[label].Select(c => 2 * c.Right / (c.Support + c.Predicted)));
        return drawn is { Low: 0 or 1 } and { High: 0 or 1 } && drawn.Value.Low == drawn.Value.High
            && Recall(label) is { } recall
                ? Combine(Precision(label) ?? new(0, 1), recall)
                : drawn;
    }

    static Interval Combine(Interval precision, Interval recall) =>
        new(HarmonicMean(precision.Low, recall.Low), HarmonicMean(precision.High, recall.High));

    static double HarmonicMean(double a, double b) => a + b == 0 ? 0 : 2 * a * b / (a + b);

    static Interval? Share(IEnumerable<double> draws, int captures) => Interval.From(draws) switch
    {
        { Low: 0, High: 0 } => Interval.FromUnanimous(isOne: false, captures),
        { Low: 1, High: 1 } => Interval.FromUnanimous(isOne: true, captures),
        var interval => interval,
    };

    double[] PerDraw(Func<int, double> figure) => [.. Enumerable.Range(0, draws).Select(figure)];

    static void Add(Dictionary<int, (double Support, double Right, double Predicted)> groups, int group,
        (double Support, double Right, double Predicted) more)
    {
        var old = groups.GetValueOrDefault(group);
        groups[group] = (old.Support + more.Support, old.Right + more.Right, old.Predicted + more.Predicted);
    }

    static (double Support, double Right, double Predicted)[] Weigh(CaptureDraws captures,
        Dictionary<int, (double Support, double Right, double Predicted)> groups)
    {
        var entries = groups.ToArray();
        var sums = new (double Support, double Right, double Predicted)[captures.Draws];
        for (var draw = 0; draw < sums.Length; draw++)
        {
            var drawn = captures.Weights(draw);
            foreach (var (group, (support, right, predicted)) in entries)
            {
                sums[draw].Support += drawn[group] * support;
                sums[draw].Right += drawn[group] * right;
                sums[draw].Predicted += drawn[group] * predicted;
            }
        }

        return sums;
    }
}
