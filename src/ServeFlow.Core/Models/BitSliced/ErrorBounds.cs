namespace ServeFlow.Models.BitSliced;

/// <summary>Computes how far probabilities can be from exact ones.</summary>
static class ErrorBounds
{
    /// <summary>Specifies the promised distance from LightGBM's own probabilities.</summary>
    public const double Allowed = 1e-6;

    /// <summary>Specifies the error where doubles are rounded to floats once: half a unit in the last place of
    /// 1.</summary>
    public const double RoundingError = 6e-8;

    /// <summary>Exponential, sum and division in floats: two units in the last place of an exponential move a
    /// probability by at most 1.2e-7, rounding of sum and quotient by as much.</summary>
    const double FloatError = 2.5e-7;

    /// <summary>Floats underflow where doubles do not: sigmoids below this would be lost.</summary>
    const double MinExponent = -80;

    /// <param name="offsets">Per output, the least possible sum.</param>
    /// <param name="sumError">Largest error of an output's sum.</param>
    public static double Compute(Forest forest, ReadOnlySpan<double> offsets, double sumError)
    {
        switch (forest.Transform)
        {
            case ScoreTransform.Softmax:
                // dp_k = p_k (ds_k − Σ p_j ds_j): at most 2 p_k (1 − p_k) of the largest ds.
                return (sumError / 2) + FloatError;
            case ScoreTransform.Sigmoid:
                return (forest.SigmoidScale * sumError / 4) + FloatError;
            case ScoreTransform.SigmoidPerClass:
                // A sigmoid errs by at most its share of scale · ds; normalising as above.
                return Min(offsets) * forest.SigmoidScale < MinExponent
                    ? double.PositiveInfinity
                    : (forest.SigmoidScale * sumError / 2) + FloatError;
            default:
                // Sums of all classes are near 1 where leaves are probabilities; a half is assumed.
                return (2 * (offsets.Length + 1) * sumError) + FloatError;
        }
    }

    static double Min(ReadOnlySpan<double> offsets)
    {
        var least = double.PositiveInfinity;
        foreach (var offset in offsets)
        {
            least = Math.Min(least, offset);
        }

        return least;
    }
}
