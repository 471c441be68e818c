namespace ServeFlow.Models;

/// <summary>Turns a forest's sums into probabilities that sum to 1.</summary>
static class ScoreTransforms
{
    /// <param name="sums">One for each class; of <see cref="ScoreTransform.Sigmoid"/> only the first is read.</param>
    public static void Apply(Forest forest, Span<double> sums)
    {
        switch (forest.Transform)
        {
            case ScoreTransform.Softmax:
                Softmax(sums);
                break;
            case ScoreTransform.Sigmoid:
                sums[1] = Sigmoid(forest.SigmoidScale * sums[0]);
                sums[0] = 1 - sums[1];
                break;
            case ScoreTransform.SigmoidPerClass:
                for (var k = 0; k < sums.Length; k++)
                {
                    sums[k] = Sigmoid(forest.SigmoidScale * sums[k]);
                }

                Normalise(sums);
                break;
            default:
                Normalise(sums);
                break;
        }
    }

    static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    static void Softmax(Span<double> sums)
    {
        var largest = double.NegativeInfinity;
        foreach (var sum in sums)
        {
            largest = Math.Max(largest, sum);
        }

        for (var k = 0; k < sums.Length; k++)
        {
            sums[k] = Math.Exp(sums[k] - largest);
        }

        Normalise(sums);
    }

    static void Normalise(Span<double> sums)
    {
        var total = 0.0;
        foreach (var sum in sums)
        {
            total += sum;
        }

        for (var k = 0; k < sums.Length; k++)
        {
            // All zero happens only where every class's sigmoid underflows: then nothing is known.
            sums[k] = total > 0 ? sums[k] / total : 1.0 / sums.Length;
        }
    }
}
