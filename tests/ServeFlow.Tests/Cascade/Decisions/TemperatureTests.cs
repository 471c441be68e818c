using CsCheck;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using Xunit;

namespace ServeFlow.Tests.Cascade.Decisions;

public sealed class TemperatureTests
{
    static readonly Gen<double> Temperatures =
        Gen.Double[BundleLimits.MinTemperature, BundleLimits.MaxTemperature];

    [Fact]
    public void Apply_AnyTemperature_KeepsOrderAndSum() =>
        Gen.Select(ProbabilityGen.Vector, Temperatures).Sample((p, temperature) =>
        {
            var scaled = p.ToArray();
            Temperature.Apply(scaled, temperature);

            Assert.Equal(1, scaled.Sum(), 1e-4f);
            for (var i = 1; i < p.Length; i++)
            {
                Assert.True(p[i] < p[i - 1] ? scaled[i] <= scaled[i - 1] : scaled[i] >= scaled[i - 1]);
            }
        });

    [Fact]
    public void Apply_One_ChangesNothing()
    {
        float[] p = [0.7f, 0.3f, 0];
        Temperature.Apply(p, 1);

        Assert.Equal([0.7f, 0.3f, 0], p);
    }

    [Fact]
    public void Apply_Two_TakesSquareRootsAndNormalises()
    {
        float[] p = [0.64f, 0.36f];
        Temperature.Apply(p, 2);

        Assert.Equal(0.8f / 1.4f, p[0], 1e-6f);
        Assert.Equal(0.6f / 1.4f, p[1], 1e-6f);
    }

    [Fact]
    public void Apply_CertainLeaf_StaysFiniteAndCanBeSoftened()
    {
        float[] p = [1, 0, 0];
        Temperature.Apply(p, BundleLimits.MaxTemperature);

        Assert.InRange(p[0], 0.4f, 0.6f);
        Assert.All(p, v => Assert.True(v > 0));
    }
}
