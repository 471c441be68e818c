using System.Runtime.Intrinsics;

namespace ServeFlow.Cascade.Decisions;

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

    const int Width = 8;

    /// <summary>Scales one flow's probabilities in place.</summary>
    public static void Apply(Span<float> probabilities, double temperature)
    {
        if (temperature == 1)
        {
            return;
        }

        if (probabilities.Length >= Width)
        {
            Scale(probabilities, temperature);
            return;
        }

        Span<float> padded = stackalloc float[Width];
        probabilities.CopyTo(padded);
        Scale(padded, temperature, probabilities.Length);
        padded[..probabilities.Length].CopyTo(probabilities);
    }

    /// <summary>Vectors of eight classes; the last one overlaps the one before.</summary>
    static void Scale(Span<float> p, double temperature)
    {
        var least = p.Length - Width;
        var scale = new Power(p, temperature);
        var last = scale.Raise(Vector256.Create<float>(p[least..]));
        var (at, sum) = (0, Vector256<float>.Zero);
        for (; at < least; at += Width)
        {
            var scaled = scale.Raise(Vector256.Create<float>(p[at..]));
            scaled.CopyTo(p[at..]);
            sum += scaled;
        }

        // What the last one shares with the one before counts once.
        sum += Vector256.ConditionalSelect(AtLeast(at - least), last, Vector256<float>.Zero);
        var total = Vector256.Create(Vector256.Sum(sum));
        for (at = 0; at < least; at += Width)
        {
            (Vector256.Create<float>(p[at..]) / total).CopyTo(p[at..]);
        }

        (last / total).CopyTo(p[least..]);
    }

    static void Scale(Span<float> padded, double temperature, int count)
    {
        var scaled = new Power(padded, temperature).Raise(Vector256.Create<float>(padded));
        var sum = Vector256.Sum(Vector256.ConditionalSelect(AtLeast(count), Vector256<float>.Zero, scaled));
        (scaled / Vector256.Create(sum)).CopyTo(padded);
    }

    static Vector256<float> AtLeast(int lane) =>
        Vector256.GreaterThanOrEqual(Vector256<int>.Indices, Vector256.Create(lane)).AsSingle();

    /// <summary>Powers relative to the largest, so that no exponential can overflow.</summary>
    readonly struct Power
    {
        readonly Vector256<float> logTop;
        readonly Vector256<float> power;

        public Power(ReadOnlySpan<float> p, double temperature)
        {
            var top = (float)Floor;
            foreach (var value in p)
            {
                top = Math.Max(top, value);
            }

            logTop = Vector256.Log(Vector256.Create(top));
            power = Vector256.Create((float)(1 / temperature));
        }

        public Vector256<float> Raise(Vector256<float> p) =>
            Vector256.Exp((Vector256.Log(Vector256.Max(p, Vector256.Create((float)Floor))) - logTop) * power);
    }
}
