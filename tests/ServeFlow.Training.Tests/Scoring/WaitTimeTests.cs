using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using Xunit;

namespace ServeFlow.Training.Tests.Scoring;

public sealed class WaitTimeTests
{
    /// <summary>
    /// In <see cref="SessionFlows"/> flow 0 has three packets 25 ms apart, flow 6 has one and ends at 2 s.
    /// </summary>
    [Theory]
    [InlineData(0, 1, 60_000, 1, 0)]
    [InlineData(0, 3, 60_000, 3, 50_000_000)]
    [InlineData(0, 3, 30, 2, 30_000_000)]
    [InlineData(0, 3, 50, 3, 50_000_000)]
    [InlineData(6, 1, 60_000, 1, 0)]
    [InlineData(6, 3, 60_000, 1, 2_000_000_000)]
    [InlineData(6, 3, 1_000, 1, 1_000_000_000)]
    public void Compute_FlowAndDepth_WaitsForPacketEndOrLimit(int flow, int depth, int limitMs, int packets,
        long readyNs) =>
        Assert.Equal((packets, readyNs),
            WaitTime.Compute(FlowSample.All(SessionFlows.Data()), flow, depth, TimeSpan.FromMilliseconds(limitMs)));
}
