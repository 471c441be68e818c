using System.Runtime.Intrinsics;

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

        var top = (float)Floor;
        foreach (var p in probabilities)
        {
            top = Math.Max(top, p);
        }

        // Relative to the largest, so that no exponential can overflow.
        var logTop = Vector256.Create(MathF.Log(top));
        var power = Vector256.Create((float)(1 / temperature));
        var sum = 0f;
        Span<float> rest = stackalloc float[Vector256<float>.Count];
        for (var first = 0; first < probabilities.Length; first += rest.Length)
        {
            var part = probabilities[first..Math.Min(first + rest.Length, probabilities.Length)];
            rest.Clear();
            part.CopyTo(rest);
            var least = Vector256.Max(Vector256.Create<float>(rest), Vector256.Create((float)Floor));
            Vector256.Exp((Vector256.Log(least) - logTop) * power).CopyTo(rest);
            rest[..part.Length].CopyTo(part);
            sum += Sum(part);
        }

        foreach (ref var p in probabilities)
        {
            p /= sum;
        }
    }

    static float Sum(ReadOnlySpan<float> values)
    {
        var sum = 0f;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
