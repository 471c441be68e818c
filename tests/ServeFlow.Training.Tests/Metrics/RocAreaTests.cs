using CsCheck;
using ServeFlow.Training.Metrics;
using Xunit;

namespace ServeFlow.Training.Tests.Metrics;

public sealed class RocAreaTests
{
    /// <summary>Few different scores, so that there are ties.</summary>
    static readonly Gen<float[]> Scores = Gen.Int[0, 9].Select(i => i / 10f).Array[1, 40];

    [Fact]
    public void Compute_AnyScores_IsTheShareOfPairsInOrder() => Gen.Select(Scores, Scores).Sample((known, unknown) =>
    {
        var pairs = known.SelectMany(k => unknown.Select(u => u > k ? 1.0 : u == k ? 0.5 : 0)).Average();

        Assert.Equal(pairs, RocArea.Compute(known, unknown), 1e-9);
    });

    [Fact]
    public void Compute_NothingToCompare_IsChance() =>
        Assert.Equal((0.5, 0.5), (RocArea.Compute([], [1]), RocArea.Compute([1], [])));
}
