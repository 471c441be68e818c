namespace ServeFlow.Cascade;

/// <summary>What a tier makes of one flow's probabilities.</summary>
public readonly struct TierDecision
{
    /// <inheritdoc cref="Classification.TopLabels"/>
    public readonly Classification.TopClasses TopLabels;

    /// <inheritdoc cref="Classification.TopConfidences"/>
    public readonly Classification.TopProbabilities TopConfidences;

    public readonly float Uncertainty;

    /// <summary>What the uncertainty was held against: the predicted class's threshold; +∞ at the last tier.</summary>
    public readonly float Threshold;

    /// <summary>Whether the flow should go on to the next tier.</summary>
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
        for (var rank = 0; rank < Classification.TopCount; rank++)
        {
            top[rank] = -1;
        }

        for (var c = 0; c < probabilities.Length; c++)
        {
            var rank = Classification.TopCount;
            while (rank > 0 && (top[rank - 1] < 0 || probabilities[c] > probabilities[top[rank - 1]]))
            {
                rank--;
            }

            for (var below = Classification.TopCount - 1; below > rank; below--)
            {
                top[below] = top[below - 1];
            }

            if (rank < Classification.TopCount)
            {
                top[rank] = c;
            }
        }
    }
}
