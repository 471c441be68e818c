namespace ServeFlow.Training.OpenSet;

/// <summary>
/// Holds the novelty above which a flow is unknown, by the class that is predicted: one threshold that uses the budget,
/// and a higher one where it would take too many of a class's flows.
/// </summary>
/// <param name="Common">The least of them; <see cref="ConformalThreshold.Never"/> rejects nothing.</param>
/// <param name="ByClass">One for each class.</param>
sealed record NoveltyThresholds(float Common, float[] ByClass)
{
    /// <summary>
    /// Bounds the share of a class's rightly answered flows that may be rejected, in budgets: one class may pay more
    /// than others, and none may vanish. A class of too few flows to tell is never rejected.
    /// </summary>
    const double ClassBudgets = 4;

    /// <summary>Specifies the largest part of a class that may be rejected, however large the budget.</summary>
    const double MaxClassShare = 0.5;

    /// <summary>Bounds how far the threshold is lowered to use what bounds of classes leave of the budget: to where it
    /// would take twice the budget without them.</summary>
    const double MaxBudgets = 2;

    /// <summary>Computes the thresholds.</summary>
    /// <param name="novelties">The novelties of known flows; below 1.</param>
    /// <param name="predicted">[flow]: the class that would be answered.</param>
    /// <param name="labels">[flow]: the true class.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="budget">The share of known flows that may be rejected, between 0 and 1.</param>
    public static NoveltyThresholds Compute(float[] novelties, int[] predicted, IReadOnlyList<int> labels, int classes,
        double budget)
    {
        var bounds = ClassBounds(novelties, predicted, labels, classes, Math.Min(MaxClassShare, ClassBudgets * budget));
        float[] rejectable = [.. novelties.Where((novelty, flow) => novelty > bounds[predicted[flow]])
            .OrderDescending()];
        var allowed = (int)Math.Floor(budget * (novelties.Length + 1L)) - 1;
        var lowest = ConformalThreshold.Compute(novelties, Math.Min(MaxClassShare, MaxBudgets * budget));
        var common = allowed < 0 ? ConformalThreshold.Never
            : rejectable.Length > allowed ? Math.Max(lowest, rejectable[allowed])
            : lowest;
        return new(common, Array.ConvertAll(bounds, bound => Math.Max(bound, common)));
    }

    /// <summary>Determines whether a flow is unknown.</summary>
    public bool IsUnknown(float novelty, int predicted) => novelty > ByClass[predicted];

    /// <summary>Counts the flows that are unknown.</summary>
    public int Count(float[] novelties, int[] predicted) =>
        novelties.Zip(predicted).Count(flow => IsUnknown(flow.First, flow.Second));

    static float[] ClassBounds(float[] novelties, int[] predicted, IReadOnlyList<int> labels, int classes, double share)
    {
        var right = novelties.Index().Where(flow => predicted[flow.Index] == labels[flow.Index])
            .ToLookup(flow => labels[flow.Index], flow => flow.Item);
        return [.. Enumerable.Range(0, classes).Select(label => ConformalThreshold.Compute([.. right[label]], share))];
    }
}
