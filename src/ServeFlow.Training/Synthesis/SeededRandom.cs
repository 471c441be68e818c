using System.Buffers.Binary;

namespace ServeFlow.Training.Synthesis;

/// <summary>
/// Pseudo-random numbers that are the same on every machine and runtime for the same seeds, which
/// <see cref="Random"/> does not promise. SplitMix64 (Steele, Lea, Flood 2014).
/// </summary>
sealed class SeededRandom
{
    ulong state;

    /// <param name="seeds">Mixed one after the other: (seed, capture) gives each capture numbers of its own.</param>
    public SeededRandom(params ReadOnlySpan<ulong> seeds)
    {
        foreach (var seed in seeds)
        {
            state = Next() ^ seed;
        }
    }

    public ulong Next()
    {
        state += 0x9E37_79B9_7F4A_7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>Draws a number in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Draws a number in [0, count).</summary>
    public int Below(int count) => (int)(Uniform() * count);

    /// <summary>Draws a number in [low, high], both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public double Exponential(double mean) => -mean * Math.Log(1 - Uniform());

    /// <summary>Standard normal (Box and Muller).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>Gamma with scale 1 (Marsaglia and Tsang 2000; below shape 1 by their power of a uniform).</summary>
    public double Gamma(double shape)
    {
        if (shape < 1)
        {
            return Gamma(shape + 1) * Math.Pow(1 - Uniform(), 1 / shape);
        }

        var d = shape - (1.0 / 3);
        while (true)
        {
            var x = Normal();
            var v = Math.Pow(1 + (x / Math.Sqrt(9 * d)), 3);
            if (v > 0 && Math.Log(1 - Uniform()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }

    public void Fill(Span<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, Next());
        }

        var last = Next();
        for (var i = 0; i < bytes.Length; i++, last >>= 8)
        {
            bytes[i] = (byte)last;
        }
    }
}
