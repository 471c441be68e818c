using ServeFlow.Cascade.OpenSet;

namespace ServeFlow.Training.OpenSet;

/// <summary>Learns how signals add up, by logistic regression: Newton's method on seven numbers.</summary>
sealed class LogisticFit
{
    const int Terms = 7;

    /// <summary>Newton's method doubles its digits each time; from 0 it is at the end after six or seven.</summary>
    const int Steps = 40;

    /// <summary>
    /// Limits a weight's change in one step: where flows are nearly divided the curve is flat, and a whole step could
    /// lead away.
    /// </summary>
    const double MaxChange = 5;

    /// <summary>
    /// Pull towards 0, per unit of weight of the samples: keeps the numbers finite where a signal divides the two kinds
    /// perfectly, and is too weak to be seen elsewhere.
    /// </summary>
    const double Ridge = 1e-4;

    readonly List<(NoveltySignals Signals, bool IsUnknown, double Weight)> samples = [];

    /// <summary>Adds flows that weigh 1 together.</summary>
    public void Add(IReadOnlyList<NoveltySignals> flows, bool areUnknown)
    {
        foreach (var signals in flows)
        {
            samples.Add((signals, areUnknown, 1.0 / flows.Count));
        }
    }

    public NoveltyWeights Fit()
    {
        var weights = new double[Terms];
        for (var step = 0; step < Steps; step++)
        {
            var (gradient, curvature) = Derivatives(weights);
            Solve(curvature, gradient);
            for (var i = 0; i < Terms; i++)
            {
                weights[i] += Math.Clamp(gradient[i], -MaxChange, MaxChange);
            }
        }

        return new(weights[0], weights[1], weights[2], weights[3])
        {
            Spread = weights[4],
            Improbability = weights[5],
            Strangeness = weights[6],
        };
    }

    (double[] Gradient, double[,] Curvature) Derivatives(double[] weights)
    {
        var (gradient, curvature) = (new double[Terms], new double[Terms, Terms]);
        var total = samples.Sum(s => s.Weight);
        for (var i = 0; i < Terms; i++)
        {
            gradient[i] = -Ridge * total * weights[i];
            curvature[i, i] = Ridge * total;
        }

        Span<double> x = stackalloc double[Terms];
        foreach (var (signals, isUnknown, weight) in samples)
        {
            (x[0], x[1], x[2], x[3]) = (1, signals.Rarity, signals.Foreignness, signals.Uncertainty);
            (x[4], x[5], x[6]) = (signals.Spread, signals.Improbability, signals.Strangeness);
            var sum = 0.0;
            for (var i = 0; i < Terms; i++)
            {
                sum += weights[i] * x[i];
            }

            var p = 1 / (1 + Math.Exp(-sum));
            for (var i = 0; i < Terms; i++)
            {
                gradient[i] += weight * ((isUnknown ? 1 : 0) - p) * x[i];
                for (var j = 0; j < Terms; j++)
                {
                    curvature[i, j] += weight * p * (1 - p) * x[i] * x[j];
                }
            }
        }

        return (gradient, curvature);
    }

    /// <summary>Gauss's elimination; the ridge keeps the matrix positive definite, so that no pivot vanishes.</summary>
    static void Solve(double[,] matrix, double[] values)
    {
        for (var i = 0; i < Terms; i++)
        {
            for (var row = 0; row < Terms; row++)
            {
                var factor = row == i ? 0 : matrix[row, i] / matrix[i, i];
                for (var column = i; column < Terms && factor != 0; column++)
                {
                    matrix[row, column] -= factor * matrix[i, column];
                }

                values[row] -= factor * values[i];
            }
        }

        for (var i = 0; i < Terms; i++)
        {
            values[i] /= matrix[i, i];
        }
    }
}
