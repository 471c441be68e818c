namespace ServeFlow.Benchmarks.Scale;

/// <summary>Counts flows by how long they waited, in steps of a hundredth of a factor of two.</summary>
sealed class WaitTimes
{
    const double StepsPerDoubling = 100;

    readonly double[] counts = new double[44 * (int)StepsPerDoubling];

    /// <summary>Gets the number of flows.</summary>
    public double Flows { get; private set; }

    /// <param name="nanoseconds">How long they waited.</param>
    /// <param name="flows">How many waited so long; parts of a flow count too.</param>
    public void Add(double nanoseconds, double flows)
    {
        Flows += flows;
        var step = (int)(Math.Log2(Math.Max(1, nanoseconds)) * StepsPerDoubling);
        counts[Math.Min(step, counts.Length - 1)] += flows;
    }

    /// <summary>Computes the time in nanoseconds within which a share of the flows was answered; 0 where there was
    /// none.</summary>
    public double Quantile(double share)
    {
        var left = share * Flows;
        for (var step = 0; step < counts.Length && Flows > 0; step++)
        {
            left -= counts[step];
            if (left <= 0)
            {
                return Math.Pow(2, (step + 0.5) / StepsPerDoubling);
            }
        }

        return 0;
    }
}
