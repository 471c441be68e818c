using System.Runtime.Intrinsics;

namespace ServeFlow.Cascade.Decisions;

/// <summary>
/// Computes how unsure a probability vector is. Calibration, evaluation and serving share this definition.
/// </summary>
public static class Uncertainty
{
    /// <summary>
    /// Gets the uncertainty that an expected gain of −1 to 1 stands for: escalated first is what gains most.
    /// </summary>
    public static float FromGain(float expectedGain) => Math.Clamp((1 + expectedGain) / 2, 0, 1);

    /// <summary>Computes a value in [0, 1], 0 where the vector is sure.</summary>
    /// <param name="measure">Which measure.</param>
    /// <param name="probabilities">The probabilities of at least one class, in any order, summing to 1.</param>
    /// <param name="first">The largest of them.</param>
    /// <param name="second">The second largest; 0 where there is one class.</param>
    public static float Compute(UncertaintyMeasure measure, ReadOnlySpan<float> probabilities, double first,
        double second)
    {
        var value = measure switch
        {
            UncertaintyMeasure.LeastConfidence => 1 - first,
            UncertaintyMeasure.Margin => 1 - (first - second),
            UncertaintyMeasure.Entropy => Entropy(probabilities),
            _ => throw new ArgumentOutOfRangeException(nameof(measure)),
        };

        // Rounding may step over either end; a threshold of 1 must mean "never escalate" all the same.
        return (float)Math.Clamp(value, 0, 1);
    }

    static double Entropy(ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length < 2)
        {
            return 0;
        }

        var sum = 0.0;
        Span<float> rest = stackalloc float[Vector256<float>.Count];
        for (var at = 0; at < probabilities.Length; at += rest.Length)
        {
            rest.Fill(1); // adds nothing: 1 · ln 1
            probabilities[at..Math.Min(at + rest.Length, probabilities.Length)].CopyTo(rest);
            var p = Vector256.Create<float>(rest);
            sum -= Vector256.Sum(p * Vector256.Log(Vector256.Max(p, Vector256.Create(1e-30f))));
        }

        return sum / Math.Log(probabilities.Length);
    }
}
