using ServeFlow.Benchmarks.Scale;
using Xunit;

namespace ServeFlow.Tests.Scale;

public sealed class MachineTests
{
    static readonly Machine machine = new(8, 16, 0.1, 1.5, double.PositiveInfinity);

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(2, 1.1)]
    [InlineData(8, 1.3)]
    [InlineData(16, 1.3 * 1.5)]
    [InlineData(32, 1.3 * 1.5 * 2)]
    public void Slowdown_BusyThreads_IsThatOfSharing(int busy, double expected) =>
        Assert.Equal(expected, machine.Slowdown(busy), 1e-9);

    [Fact]
    public void Slowdown_MoreThreads_NeverDoLessWorkTogether() => Assert.All(Enumerable.Range(2, 15), busy =>
        Assert.True(busy / machine.Slowdown(busy) > (busy - 1) / machine.Slowdown(busy - 1)));
}
