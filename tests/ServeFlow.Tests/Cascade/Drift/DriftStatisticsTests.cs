using ServeFlow.Cascade.Drift;
using Xunit;

namespace ServeFlow.Tests.Cascade.Drift;

/// <summary>Which way a figure has to move to be drift, and by how much.</summary>
public sealed class DriftStatisticsTests
{
    const int Flows = 200;

    static readonly DriftLayout Layout = new(Tiers: 2, Classes: 2, Questions: 0);

    static readonly double[] Usual =
        Array.ConvertAll(DriftStatistics.Figures(SmallBaseline.Create("dns", "web", 2)), figure => figure.Value);

    /// <summary>A sensor that is surer than training is not drifting; one that is less sure is.</summary>
    [Theory]
    [InlineData(0.95, -0.05)]
    [InlineData(0.6, 0.3)]
    public void Compute_Confidence_CountsWhereItFalls(double confidence, double expected)
    {
        var deviations = Deviations(Window(Flows / 2, Flows / 2, confidence, escalated: 20));

        Assert.Equal(expected, deviations[DriftStatistics.Confidence], 1e-3);
        Assert.Equal(expected * (Flows / 2) / ((Flows / 2) + 20.0), deviations[DriftStatistics.FirstClass(Layout)],
            1e-3);
    }

    /// <summary>Baseline: a tenth of the flows is passed on.</summary>
    [Theory]
    [InlineData(0, -0.1)]
    [InlineData(100, 0.4)]
    public void Compute_Escalated_CountsWhereItRises(int escalated, double expected) => Assert.Equal(expected,
        Deviations(Window(Flows / 2, Flows / 2, 0.9, escalated))[DriftStatistics.Escalated], 1e-9);

    [Theory]
    [InlineData(150, 50)]
    [InlineData(50, 150)]
    public void Compute_ShareOfAClass_CountsBothWays(int first, int second)
    {
        var deviations = Deviations(Window(first, second, 0.9, escalated: 20));

        Assert.Equal(Math.PI / 12, deviations[DriftStatistics.FirstShare(Layout)], 1e-9);
        Assert.Equal(Math.PI / 12, deviations[DriftStatistics.FirstShare(Layout) + 1], 1e-9);
    }

    /// <summary>Two unsure flows of a class say less than a hundred of them.</summary>
    [Fact]
    public void Compute_FewFlowsOfAClass_WeighLittle()
    {
        var few = Deviations(Window(2, Flows - 2, 0.5, escalated: 20));

        Assert.Equal(0.4 * 2 / 22, few[DriftStatistics.FirstClass(Layout)], 1e-3);
        Assert.Equal(0.4 * 198 / 218, few[DriftStatistics.FirstClass(Layout) + 1], 1e-3);
    }

    static double[] Deviations(long[] counts)
    {
        var (values, deviations) = (new double[Usual.Length], new double[Usual.Length]);
        DriftStatistics.ReadValues(Layout, counts, values);
        DriftStatistics.Compute(Layout, Usual, counts, values, deviations);
        return deviations;
    }

    static long[] Window(int first, int second, double confidence, int escalated)
    {
        var counts = new long[Layout.Length];
        counts[DriftLayout.Flows] = first + second;
        (counts[Layout.Tier(0)], counts[Layout.Tier(1)]) = (first + second - escalated, escalated);
        foreach (var (place, flows) in new[] { first, second }.Index())
        {
            counts[Layout.Class(place)] = flows;
            counts[Layout.Confidence(place)] = (long)(flows * confidence * DriftLayout.ConfidenceUnit);
        }

        return counts;
    }
}
