using CsCheck;
using ServeFlow.Training.OpenSet;
using Xunit;

namespace ServeFlow.Training.Tests.OpenSet;

public sealed class NoveltyThresholdsTests
{
    const int Classes = 3;

    static readonly Gen<(float Novelty, int Predicted, int Label)[]> Flows = Gen.Select(
        Gen.Float[0.001f, 0.999f], Gen.Int[0, Classes - 1], Gen.Int[0, Classes - 1]).Array[0, 200];

    static NoveltyThresholds Compute((float Novelty, int Predicted, int Label)[] flows, double budget) =>
        NoveltyThresholds.Compute([.. flows.Select(f => f.Novelty)], [.. flows.Select(f => f.Predicted)],
            [.. flows.Select(f => f.Label)], Classes, budget);

    /// <summary>Whatever the flows: within the budget, and within each class's bound of its right answers.</summary>
    [Fact]
    public void Compute_AnyFlows_KeepsTheBudgetAndTheClasses() =>
        Gen.Select(Flows, Gen.Double[0.01, 0.4]).Sample((flows, budget) =>
        {
            var thresholds = Compute(flows, budget);

            var rejected = flows.Where(f => thresholds.IsUnknown(f.Novelty, f.Predicted)).ToList();
            Assert.True(rejected.Count <= budget * flows.Length);
            Assert.All(Enumerable.Range(0, Classes), label => Assert.True(
                rejected.Count(f => f.Label == label && f.Predicted == label)
                <= Math.Min(0.5, 4 * budget) * flows.Count(f => f.Label == label && f.Predicted == label)));
            Assert.All(thresholds.ByClass, threshold => Assert.InRange(threshold, thresholds.Common, 1));
        });

    /// <summary>All flows of a small class are strange. It keeps four fifths of them; others pay the rest.</summary>
    [Fact]
    public void Compute_ClassThatIsAlwaysStrange_IsNotErased()
    {
        var flows = Enumerable.Range(0, 950).Select(i => (0.001f + (i * 0.0005f), 0, 0))
            .Concat(Enumerable.Range(0, 50).Select(i => (0.9f + (i * 0.001f), 1, 1))).ToArray();
        var thresholds = Compute(flows, 0.05);

        Assert.InRange(flows.Skip(950).Count(f => thresholds.IsUnknown(f.Item1, 1)), 5, 10);
        Assert.InRange(flows.Count(f => thresholds.IsUnknown(f.Item1, f.Item2)), 45, 50);
    }

    /// <summary>Two right answers cannot tell what a share of a class's flows is.</summary>
    [Fact]
    public void Compute_ClassOfTwoFlows_IsNeverRejected()
    {
        var flows = Enumerable.Range(0, 400).Select(i => (0.001f + (i * 0.001f), 0, 0))
            .Concat([(0.99f, 1, 1), (0.98f, 1, 1)]).ToArray();

        Assert.Equal(ConformalThreshold.Never, Compute(flows, 0.05).ByClass[1]);
    }

    [Fact]
    public void Compute_NoFlows_RejectsNothing() => Assert.Equal(ConformalThreshold.Never, Compute([], 0.05).Common);
}
