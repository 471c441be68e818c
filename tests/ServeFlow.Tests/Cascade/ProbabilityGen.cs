using CsCheck;

namespace ServeFlow.Tests.Cascade;

/// <summary>Random probability vectors, with the exact 0, 1 and ties that tree leaves give.</summary>
static class ProbabilityGen
{
    public static readonly Gen<float[]> Vector =
        Gen.OneOf(Gen.Int[0, 4].Select(i => (float)i), Gen.Float[0, 1]).Array[1, 30].Select(Normalise);

    static float[] Normalise(float[] weights)
    {
        var sum = weights.Sum();
        return sum > 0 ? [.. weights.Select(w => w / sum)] : [1, .. new float[weights.Length - 1]];
    }
}
