namespace ServeFlow.Cascade;

/// <summary>How unsure a probability vector is. One definition for calibration, evaluation and serving.</summary>
public static class Uncertainty
{
    /// <summary>A value in [0, 1], 0 where the vector is sure.</summary>
    /// <param name="measure">Which measure.</param>
    /// <param name="probabilities">At least one, in any order, summing to 1.</param>
    public static float Of(UncertaintyMeasure measure, ReadOnlySpan<float> probabilities)
    {
        var value = measure switch
        {
            UncertaintyMeasure.LeastConfidence => 1 - TopTwo(probabilities).First,
            UncertaintyMeasure.Margin => Margin(probabilities),
            UncertaintyMeasure.Entropy => Entropy(probabilities),
            _ => throw new ArgumentOutOfRangeException(nameof(measure)),
        };

        // Rounding may step over either end; a threshold of 1 must mean "never escalate" all the same.
        return (float)Math.Clamp(value, 0, 1);
    }

    static double Margin(ReadOnlySpan<float> probabilities)
    {
        var (first, second) = TopTwo(probabilities);
        return 1 - (first - second);
    }

    static (double First, double Second) TopTwo(ReadOnlySpan<float> probabilities)
    {
        float first = 0, second = 0;
        foreach (var p in probabilities)
        {
            if (p > first)
            {
                (first, second) = (p, first);
            }
            else if (p > second)
            {
                second = p;
            }
        }

        return (first, second);
    }

    static double Entropy(ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length < 2)
        {
            return 0;
        }

        var sum = 0.0;
        foreach (var p in probabilities)
        {
            if (p > 0)
            {
                sum -= p * Math.Log(p);
            }
        }

        return sum / Math.Log(probabilities.Length);
    }
}
