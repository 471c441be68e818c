namespace ServeFlow.Cascade.Decisions;

/// <summary>Holds a tier's decision on one flow: its answer, how unsure it is, and whether the flow goes on.</summary>
public readonly struct TierDecision
{
    /// <inheritdoc cref="Classification.TopLabels"/>
    public readonly Classification.TopClasses TopLabels;

    /// <inheritdoc cref="Classification.TopConfidences"/>
    public readonly Classification.TopProbabilities TopConfidences;

    public readonly float Uncertainty;

    /// <summary>
    /// Holds the threshold that the uncertainty was compared with: that of the predicted class; +∞ at the last tier.
    /// </summary>
    public readonly float Threshold;

    /// <summary>Tells whether the flow goes on to the next tier.</summary>
    public readonly bool Escalate;

    internal TierDecision(in Classification.TopClasses labels, in Classification.TopProbabilities confidences,
        float uncertainty, double threshold)
    {
        TopLabels = labels;
        TopConfidences = confidences;
        Uncertainty = uncertainty;
        Threshold = (float)threshold;
        Escalate = uncertainty > threshold;
    }

    public int LabelId => TopLabels[0];

    public float Confidence => TopConfidences[0];

    /// <summary>The classes with the highest probabilities; of equal ones the lowest number first.</summary>
    internal static void RankTop(ReadOnlySpan<float> probabilities, out Classification.TopClasses top)
    {
        top = default;
        int first = -1, second = -1, third = -1;
        float p1 = -1, p2 = -1, p3 = -1;
        for (var c = 0; c < probabilities.Length; c++)
        {
            var p = probabilities[c];
            if (p <= p3)
            {
                continue; // most classes
            }

            if (p <= p2)
            {
                (third, p3) = (c, p);
                continue;
            }

            (third, p3) = (second, p2);
            if (p > p1)
            {
                (second, p2) = (first, p1);
                (first, p1) = (c, p);
            }
            else
            {
                (second, p2) = (c, p);
            }
        }

        (top[0], top[1], top[2]) = (first, second, third);
    }
}
