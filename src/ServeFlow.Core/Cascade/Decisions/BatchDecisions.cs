using System.Runtime.Intrinsics;

namespace ServeFlow.Cascade.Decisions;

/// <summary>
/// Decides on the flows of a batch, eight at a time. Each decision equals that of <see cref="TierRule.Decide"/> in
/// every bit (tested), which decides where that needs all of a flow's probabilities, and on the last flows. Owned by
/// one worker; allocates nothing after its construction.
/// </summary>
/// <param name="classes">The classes of a flow.</param>
sealed class BatchDecisions(TierRule rule, int classes)
{
    /// <summary>Specifies the number of flows that are decided at a time: one in each place of a vector.</summary>
    const int Lanes = 8;

    /// <summary>[class]: the probabilities of eight flows.</summary>
    readonly Vector256<float>[] columns = new Vector256<float>[classes];

    readonly int[] labels = new int[Classification.TopCount * Lanes];
    readonly float[] confidences = new float[Classification.TopCount * Lanes];

    /// <param name="probabilities">[count × classes], row-major, raw; may be calibrated in place.</param>
    /// <param name="decisions">Receives a decision for each flow.</param>
    public void Decide(Span<float> probabilities, int count, Span<TierDecision> decisions)
    {
        var flow = 0;
        if (rule.Measure is UncertaintyMeasure.Margin or UncertaintyMeasure.LeastConfidence)
        {
            for (; flow + Lanes <= count; flow += Lanes)
            {
                DecideEight(probabilities.Slice(flow * classes, Lanes * classes), decisions.Slice(flow, Lanes));
            }
        }

        for (; flow < count; flow++)
        {
            decisions[flow] = rule.Decide(probabilities.Slice(flow * classes, classes));
        }
    }

    void DecideEight(ReadOnlySpan<float> rows, Span<TierDecision> decisions)
    {
        Transpose(rows);
        var top = LaneRanks.Rank(columns);
        if (rule.Temperature != 1)
        {
            Temperature.Apply(columns, rule.Temperature);
            top.Read(columns);
        }

        rule.Isotonic?.Apply(columns, ref top);
        top.CopyTo(labels, confidences);
        for (var lane = 0; lane < decisions.Length; lane++)
        {
            Classification.TopClasses topLabels = default;
            Classification.TopProbabilities topConfidences = default;
            for (var rank = 0; rank < Classification.TopCount; rank++)
            {
                topLabels[rank] = labels[(rank * Lanes) + lane];
                topConfidences[rank] = confidences[(rank * Lanes) + lane];
            }

            var uncertainty = Uncertainty.Compute(rule.Measure, [], topConfidences[0], topConfidences[1]);
            decisions[lane] = new(topLabels, topConfidences, uncertainty, rule.ThresholdOf(topLabels[0]));
        }
    }

    void Transpose(ReadOnlySpan<float> rows)
    {
        for (var c = 0; c < columns.Length; c++)
        {
            columns[c] = Vector256.Create(rows[c], rows[classes + c], rows[(2 * classes) + c], rows[(3 * classes) + c],
                rows[(4 * classes) + c], rows[(5 * classes) + c], rows[(6 * classes) + c], rows[(7 * classes) + c]);
        }
    }
}

/// <summary>Holds the three most probable classes of eight flows, and their probabilities.</summary>
struct LaneRanks
{
    /// <summary>Holds the classes, most probable first; −1 where there are fewer.</summary>
    public Vector256<int> First, Second, Third;

    /// <summary>Their probabilities; below 0 where there is no class.</summary>
    public Vector256<float> FirstP, SecondP, ThirdP;

    /// <summary>Ranks the classes as <see cref="TierDecision.RankTop"/> does: of equal ones the lowest number first.
    /// </summary>
    /// <param name="columns">[class]: the probabilities of eight flows.</param>
    public static LaneRanks Rank(ReadOnlySpan<Vector256<float>> columns)
    {
        var none = Vector256<int>.AllBitsSet;
        var (first, second, third) = (none, none, none);
        var (p1, p2, p3) = (-Vector256<float>.One, -Vector256<float>.One, -Vector256<float>.One);
        for (var c = 0; c < columns.Length; c++)
        {
            var (p, label) = (columns[c], Vector256.Create(c));
            var (above1, above2, above3) =
                (Vector256.GreaterThan(p, p1), Vector256.GreaterThan(p, p2), Vector256.GreaterThan(p, p3));
            third = Select(above2, second, Select(above3, label, third));
            p3 = Vector256.ConditionalSelect(above2, p2, Vector256.ConditionalSelect(above3, p, p3));
            second = Select(above1, first, Select(above2, label, second));
            p2 = Vector256.ConditionalSelect(above1, p1, Vector256.ConditionalSelect(above2, p, p2));
            first = Select(above1, label, first);
            p1 = Vector256.ConditionalSelect(above1, p, p1);
        }

        return new() { First = first, Second = second, Third = third, FirstP = p1, SecondP = p2, ThirdP = p3 };
    }

    /// <summary>Reads the probabilities of the classes anew, after they have changed.</summary>
    /// <inheritdoc cref="Rank"/>
    public void Read(ReadOnlySpan<Vector256<float>> columns)
    {
        for (var c = 0; c < columns.Length; c++)
        {
            var label = Vector256.Create(c);
            FirstP = Vector256.ConditionalSelect(Vector256.Equals(First, label).AsSingle(), columns[c], FirstP);
            SecondP = Vector256.ConditionalSelect(Vector256.Equals(Second, label).AsSingle(), columns[c], SecondP);
            ThirdP = Vector256.ConditionalSelect(Vector256.Equals(Third, label).AsSingle(), columns[c], ThirdP);
        }
    }

    /// <summary>Writes the classes and their probabilities, 0 where there is no class.</summary>
    /// <param name="labels">[rank × flow].</param>
    /// <param name="probabilities">[rank × flow].</param>
    public readonly void CopyTo(Span<int> labels, Span<float> probabilities)
    {
        var lanes = Vector256<int>.Count;
        First.CopyTo(labels);
        Second.CopyTo(labels[lanes..]);
        Third.CopyTo(labels[(2 * lanes)..]);
        FirstP.CopyTo(probabilities);
        OrZero(Second, SecondP).CopyTo(probabilities[lanes..]);
        OrZero(Third, ThirdP).CopyTo(probabilities[(2 * lanes)..]);
    }

    static Vector256<float> OrZero(Vector256<int> label, Vector256<float> p) =>
        Vector256.AndNot(p, Vector256.LessThan(label, Vector256<int>.Zero).AsSingle());

    static Vector256<int> Select(Vector256<float> where, Vector256<int> label, Vector256<int> otherwise) =>
        Vector256.ConditionalSelect(where.AsInt32(), label, otherwise);
}
