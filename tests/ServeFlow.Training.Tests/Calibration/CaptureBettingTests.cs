using ServeFlow.Training.Calibration;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

public sealed class CaptureBettingTests
{
    const int Draws = 400;
    const double Risk = 0.05;

    /// <summary>Levels of a path: the share of a capture's flows that are lost rises from one to the next.</summary>
    const int Levels = 25;

    /// <summary>
    /// Captures as they are: most have few flows, some many, and losses come together. Which level is served is chosen
    /// on a draw of captures, level after level; the share that it loses of the whole population is known.
    /// </summary>
    [Theory]
    [InlineData(300, 0.05, 1)]
    [InlineData(1000, 0.02, 2)]
    [InlineData(1000, 0.05, 3)]
    public void Shows_ManyDrawsOfClusteredCaptures_IsWrongNoOftenerThanItsRisk(int captures, double maxLoss, int seed)
    {
        var random = new Random(seed);
        var population = Population(captures, random);
        double[] lost = [.. Enumerable.Range(0, Levels).Select(level =>
            (double)population.Sum(c => c.Lost[level]) / population.Sum(c => c.Flows))];
        var (broken, served) = (0, 0.0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var drawn = Enumerable.Range(0, captures).Select(_ => population[random.Next(captures)]).ToArray();
            var level = 0;
            while (level + 1 < Levels
                && new CaptureBetting(drawn.Select(c => (c.Flows, c.Lost[level + 1]))).Shows(maxLoss, Risk))
            {
                level++;
            }

            broken += lost[level] > maxLoss ? 1 : 0;
            served += lost[level];
        }

        Assert.InRange(broken, 0, Risk * Draws);
        Assert.InRange(served / Draws, maxLoss / 10, maxLoss); // not vacuous
    }

    [Fact]
    public void MinCaptures_WithoutLoss_IsWhereTheTestBeginsToPass()
    {
        var enough = CaptureBetting.MinCaptures(0.02, Risk);

        Assert.InRange(enough, 150, 400);
        Assert.True(Without(enough).Shows(0.02, Risk));
        Assert.False(Without((int)(enough / 1.1)).Shows(0.02, Risk));
    }

    [Fact]
    public void Shows_FewCaptures_ProvesNothing() => Assert.False(Without(20).Shows(0.01, Risk));

    [Fact]
    public void Shows_OneCaptureThatLosesMuch_IsNotHiddenByItsWeight()
    {
        (int, int)[] others = [.. Enumerable.Repeat((3, 0), 600)];

        Assert.True(new CaptureBetting([(30, 10), .. others]).Shows(0.02, Risk));
        Assert.False(new CaptureBetting([(30, 30), .. others]).Shows(0.02, Risk)); // lost by one capture alone: 1.6 %
    }

    [Fact]
    public void Bound_WhatIsShownAtTheStart_IsAtMostThat()
    {
        CaptureBetting captures = new([.. Enumerable.Repeat((3, 0), 500), (3, 1), (2, 1)]);

        var bound = captures.Bound(0.05, Risk);

        Assert.True(captures.Shows(0.05, Risk));
        Assert.InRange(bound, 0.002, 0.05);
        Assert.True(captures.Shows(bound, Risk));
    }

    [Fact]
    public void Bound_NothingIsShown_IsOne() =>
        Assert.Equal(1, new CaptureBetting(Enumerable.Repeat((3, 3), 40)).Bound(0.05, Risk));

    static CaptureBetting Without(int captures) => new(Enumerable.Repeat((3, 0), captures));

    static (int Flows, int[] Lost)[] Population(int captures, Random random) =>
    [
        .. Enumerable.Range(0, captures).Select(_ =>
        {
            var flows = 1 + (int)Math.Pow(random.NextDouble(), -0.9);
            flows = Math.Min(flows, 40);
            var hard = random.NextDouble() < 0.3 ? random.NextDouble() : 0.05;
            var lost = Enumerable.Range(0, flows).Select(_ => random.NextDouble() / hard).ToArray();
            return (flows, Enumerable.Range(0, Levels)
                .Select(level => lost.Count(at => at < (double)level / Levels)).ToArray());
        }),
    ];

    /// <summary>The number of captures that <c>train</c> asks for is enough, and one fewer is not.</summary>
    [Theory]
    [InlineData(0.01, 0.05, 332)]
    [InlineData(0.05, 0.1, null)]
    public void MinCaptures_OneFewer_ShowsNothing(double maxLoss, double risk, int? expected)
    {
        var least = CaptureBetting.MinCaptures(maxLoss, risk);

        Assert.True(new CaptureBetting(Enumerable.Repeat((3, 0), least)).Shows(maxLoss, risk));
        Assert.False(new CaptureBetting(Enumerable.Repeat((3, 0), least - 1)).Shows(maxLoss, risk));
        Assert.Equal(expected ?? least, least);
    }
}
