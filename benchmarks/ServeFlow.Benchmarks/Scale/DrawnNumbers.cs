namespace ServeFlow.Benchmarks.Scale;

/// <summary>Draws random numbers that depend on the seed alone (SplitMix64), on every machine and version.</summary>
/// <param name="seed">Any number.</param>
sealed class DrawnNumbers(ulong seed)
{
    /// <summary>Holds the mean from which counts are drawn from the normal distribution that comes near.</summary>
    const double ManyEvents = 32;

    ulong state = seed;

    /// <summary>Draws a number above 0 and at most 1.</summary>
    public double Uniform()
    {
        state += 0x9E3779B97F4A7C15;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (((z ^ (z >> 31)) >> 11) + 1) / (double)(1L << 53);
    }

    /// <summary>Draws the time to the next of independent events.</summary>
    /// <param name="mean">The mean time between two of them.</param>
    public double Gap(double mean) => -mean * Math.Log(Uniform());

    /// <summary>Draws how many independent events happen (Poisson).</summary>
    /// <param name="mean">How many happen on average.</param>
    public int Count(double mean)
    {
        if (mean > ManyEvents)
        {
            return Rounded(mean, mean);
        }

        var (count, left) = (0, Math.Exp(-mean));
        for (var product = Uniform(); product > left; product *= Uniform())
        {
            count++;
        }

        return count;
    }

    /// <summary>Draws how many of some flows have a property that each has with the same probability.</summary>
    public int Share(int flows, double probability)
    {
        if (flows > ManyEvents)
        {
            return Math.Min(flows, Rounded(flows * probability, flows * probability * (1 - probability)));
        }

        var chosen = 0;
        for (var flow = 0; flow < flows; flow++)
        {
            chosen += Uniform() <= probability ? 1 : 0;
        }

        return chosen;
    }

    int Rounded(double mean, double variance)
    {
        var normal = Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());
        return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(variance) * normal)));
    }
}
