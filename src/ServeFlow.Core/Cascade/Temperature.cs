namespace ServeFlow.Cascade;

/// <summary>
/// Temperature scaling: probabilities are raised to 1/temperature and normalised. Above 1 it makes a model less
/// sure of itself, below 1 surer. The order of the classes stays.
/// </summary>
public static class Temperature
{
    /// <summary>
    /// Stands in for a probability of 0, which tree leaves do give and which no temperature could move:
    /// the resolution of a <see cref="float"/> beside 1.
    /// </summary>
    public const double Floor = 1e-7;

    /// <summary>Scales one flow's probabilities in place.</summary>
    public static void Apply(Span<float> probabilities, double temperature)
    {
        if (temperature == 1)
        {
            return;
        }

        var top = 0f;
        foreach (var p in probabilities)
        {
            top = Math.Max(top, p);
        }

        // Relative to the largest, so that no exponential can overflow.
        var logTop = Math.Log(Math.Max(top, Floor));
        var sum = 0.0;
        foreach (ref var p in probabilities)
        {
            var scaled = Math.Exp((Math.Log(Math.Max(p, Floor)) - logTop) / temperature);
            sum += scaled;
            p = (float)scaled;
        }

        foreach (ref var p in probabilities)
        {
            p = (float)(p / sum);
        }
    }
}
