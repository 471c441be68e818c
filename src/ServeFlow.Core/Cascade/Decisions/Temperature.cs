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

    /// <summary>
    /// Scales the probabilities of eight flows, each as the overload above scales one flow's: what is summed there in
    /// one place of a vector is summed here in one of eight vectors.
    /// </summary>
    /// <param name="columns">[class]: the probabilities of eight flows.</param>
    internal static void Apply(Span<Vector256<float>> columns, double temperature)
    {
        var power = new Power(columns, temperature);
        Span<Vector256<float>> sums = stackalloc Vector256<float>[Width];
        sums.Clear();
        var least = Math.Max(0, columns.Length - Width);
        var whole = (least + Width - 1) / Width * Width;
        for (var c = 0; c < columns.Length; c++)
        {
            columns[c] = power.Raise(columns[c]);
            sums[c < whole ? c % Width : c - least] += columns[c];
        }

        var total = sums[0] + sums[1] + (sums[2] + sums[3]) + (sums[4] + sums[5] + (sums[6] + sums[7]));
        foreach (ref var column in columns)
        {
            column /= total;
        }
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

        /// <param name="columns">[class]: the probabilities of eight flows, each of which has a largest one.</param>
        public Power(ReadOnlySpan<Vector256<float>> columns, double temperature)
        {
            var top = Vector256.Create((float)Floor);
            foreach (var column in columns)
            {
                top = Vector256.Max(top, column);
            }

            logTop = Vector256.Log(top);
            power = Vector256.Create((float)(1 / temperature));
        }

        public Vector256<float> Raise(Vector256<float> p) =>
            Vector256.Exp((Vector256.Log(Vector256.Max(p, Vector256.Create((float)Floor))) - logTop) * power);
    }
}
