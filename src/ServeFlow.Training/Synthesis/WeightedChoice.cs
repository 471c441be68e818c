namespace ServeFlow.Training.Synthesis;

/// <summary>Draws values with the shares in which they occur.</summary>
sealed class WeightedChoice<T>
{
    readonly T[] values;
    readonly double[] weights;
    readonly double total;

    public WeightedChoice(IReadOnlyList<T> values, IReadOnlyList<double> weights)
    {
        this.values = [.. values];
        this.weights = [.. weights];
        total = this.weights.Sum();
    }

    public T Draw(SeededRandom dice)
    {
        var left = dice.Uniform() * total;
        for (var i = 0; i < values.Length - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return values[i];
            }
        }

        return values[^1];
    }

    /// <summary>
    /// A habit: shares of a pool's values drawn from a symmetric Dirichlet distribution. Below a concentration of 1
    /// few values dominate, far above it all occur alike.
    /// </summary>
    /// <param name="common">Share of the time in which every value of the pool is as likely as any other.</param>
    public static WeightedChoice<T> FromDirichlet(SeededRandom dice, IReadOnlyList<T> pool, double concentration,
        double common)
    {
        var weights = new double[pool.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = dice.Gamma(concentration);
        }

        var total = weights.Sum();
        return new(pool, [.. weights.Select(weight => ((1 - common) * weight / total) + (common / pool.Count))]);
    }

    /// <summary>The same habit elsewhere: every share times a log-normal factor.</summary>
    public WeightedChoice<T> Perturbed(SeededRandom dice, double spread)
    {
        var tilted = new double[weights.Length];
        for (var i = 0; i < tilted.Length; i++)
        {
            tilted[i] = weights[i] * Math.Exp(spread * dice.Normal());
        }

        return new(values, tilted);
    }
}
