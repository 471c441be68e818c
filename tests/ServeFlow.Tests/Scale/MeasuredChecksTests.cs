using ServeFlow.Benchmarks.Figures;
using ServeFlow.Benchmarks.Scale;
using Xunit;

namespace ServeFlow.Tests.Scale;

/// <summary>The simulation gives what was measured, and docs/scale.md shows what the simulation gives.</summary>
public sealed class MeasuredChecksTests
{
    const double Allowed = 0.15;

    static readonly string results = Path.Combine(Repository.Root, "benchmarks", "results");
    static readonly MeasuredRates rates = new(results);
    static readonly Calibration calibration = Calibration.Fit(rates);
    static readonly CheckedPoint[] points = [.. MeasuredChecks.Run(calibration, rates)];
    static readonly ScaleRun committed = new ResultFiles(Path.Combine(results, "simulation")).Scale();

    [Fact]
    public void Points_OfResultFiles_AreSimulatedWithinTheLimit() => Assert.All(
        points.Where(point => point.Group != "rate, second run"),
        point => Assert.True(Math.Abs(point.Error) <= Allowed, $"{point}"));

    /// <summary>The second run differs from the first one by up to 28 %: one of its points is not reached.</summary>
    [Fact]
    public void Points_OfTheSecondRun_AreSimulatedWithinTheLimitButOne() => Assert.Equal("1 packet, 2 workers",
        Assert.Single(points, point => point.Group == "rate, second run" && Math.Abs(point.Error) > Allowed).Name);

    [Fact]
    public void Points_OfTwoAndEightWorkers_AreNotFittedTo() => Assert.All(
        points.Where(point => point.Group.StartsWith("rate", StringComparison.Ordinal)),
        point => Assert.Equal(!point.Fitted, point.Name.Contains(" 2 ") || point.Name.Contains(" 8 ")));

    [Fact]
    public void CommittedFile_IsWhatTheSimulationGives()
    {
        Assert.Equal(Sizing.Usual, committed.Assumptions);
        Assert.Equal(calibration.FlowNs, committed.Constants.FlowNs, 0.1);
        Assert.Equal(points.Select(point => (point.Name, point.Fitted)),
            committed.Checks.Select(point => (point.Name, point.Fitted)));
        Assert.All(points.Zip(committed.Checks),
            pair => Assert.Equal(1, pair.First.Simulated / pair.Second.Simulated, 1e-3));
        Assert.All(committed.Plans.Where(plan => plan.FlowsPerSecond < 1e5), plan =>
        {
            var now = new Sizing(calibration, Sizing.Usual)
                .Plan(plan.Name, plan.FlowsPerSecond, plan.Sites, plan.SlowUs);
            Assert.Equal((plan.Sensors, plan.PoolNodes, plan.Credits), (now.Sensors, now.PoolNodes, now.Credits));
            Assert.Equal(plan.Outcome.SlowP99Us, now.Outcome.SlowP99Us, 0.001 * plan.Outcome.SlowP99Us);
        });
    }

    [Fact]
    public void Plans_HaveRoom() => Assert.All(committed.Plans, plan =>
        Assert.Equal(0, plan.Outcome.Unavailable + plan.Outcome.Dropped + plan.Outcome.RecordsLost));
}
