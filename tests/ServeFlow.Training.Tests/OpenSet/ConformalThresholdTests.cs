using CsCheck;
using ServeFlow.Training.OpenSet;
using Xunit;

namespace ServeFlow.Training.Tests.OpenSet;

public sealed class ConformalThresholdTests
{
    static readonly Gen<float[]> Novelties = Gen.Int[0, 30].Select(i => i / 31f).Array[0, 200];

    [Fact]
    public void Compute_AnyFlows_RejectsAtMostTheBudgetOfThem() =>
        Gen.Select(Novelties, Gen.Double[0.001, 0.5]).Sample((novelties, budget) =>
        {
            var threshold = ConformalThreshold.Compute(novelties, budget);

            Assert.True(novelties.Count(n => n > threshold) <= budget * novelties.Length);
        });

    /// <summary>
    /// The guarantee itself, counted: leave each of n + 1 exchangeable flows out in turn, and at most the budget's
    /// share of them exceeds the threshold of the others. Holds for every set of numbers, not only on average.
    /// </summary>
    [Fact]
    public void Compute_EveryFlowLeftOutInTurn_RejectsAtMostTheBudget() =>
        Gen.Select(Gen.Int[0, 30].Select(i => i / 31f).Array[2, 60], Gen.Double[0.01, 0.5]).Sample((flows, budget) =>
        {
            var rejected = flows.Index().Count(left =>
                left.Item > ConformalThreshold.Compute([.. flows.Where((_, i) => i != left.Index)], budget));

            Assert.True(rejected <= (budget * flows.Length) + 1e-9);
        });

    /// <summary>Hundreds of calibration sets from one distribution, each threshold's true rejection known.</summary>
    [Theory]
    [InlineData(19, 0.05)]
    [InlineData(100, 0.05)]
    [InlineData(1000, 0.01)]
    public void Compute_ManyDraws_RejectsTheBudgetOnAverage(int flows, double budget)
    {
        var random = new Random(flows);
        // Of uniform scores, the share above a threshold is what is left above it.
        var shares = Enumerable.Range(0, 2000).Select(_ =>
            1 - ConformalThreshold.Compute([.. Enumerable.Range(0, flows).Select(_ => random.NextSingle())], budget))
            .ToList();

        // Five standard errors: the k-th of n uniform numbers has a standard deviation of about √(budget / n).
        Assert.InRange(shares.Average(), budget - (1.0 / (flows + 1)) - 0.002,
            budget + (5 * Math.Sqrt(budget / flows / 2000)));
    }

    [Fact]
    public void Compute_TooFewFlowsForTheBudget_RejectsNothing() =>
        Assert.Equal(1, ConformalThreshold.Compute([.. Enumerable.Repeat(0.5f, 18)], 0.05));

    [Fact]
    public void Compute_JustEnoughFlows_IsTheirLargest() =>
        Assert.Equal(0.9f, ConformalThreshold.Compute([.. Enumerable.Repeat(0.5f, 18), 0.9f], 0.05));
}
