using ServeFlow.Benchmarks.Scale;
using Xunit;

namespace ServeFlow.Tests.Scale;

public sealed class SiteSimulationTests
{
    [Fact]
    public void Run_SameSite_GivesSameFigures()
    {
        var site = SmallSite.Create(SmallSite.CreateTier());

        Assert.Equal(Sizing.Simulate(site), Sizing.Simulate(site));
        Assert.NotEqual(Sizing.Simulate(site), Sizing.Simulate(site with { Seed = 2 }));
    }

    [Fact]
    public void Run_IdleSite_AnswersEverythingInTime()
    {
        var tally = SiteSimulation.Run(SmallSite.Create(SmallSite.CreateTier()));

        Assert.Equal(20_000, tally.Offered, 600.0);
        Assert.Equal(tally.Offered / 2, tally.Flows(SlowOutcome.Answered), 300.0);
        Assert.Equal(0, tally.Flows(SlowOutcome.Late) + tally.Flows(SlowOutcome.Lost)
            + tally.Flows(SlowOutcome.NoCredit) + tally.Dropped);
        Assert.InRange(tally.Sensor.Quantile(0.5), 990, 1100); // 1 µs a flow, mostly one at a time
        Assert.InRange(tally.Slow.Quantile(0.01), 245_000, 260_000); // 200 µs of way, 50 µs of work and the link
        Assert.Equal(tally.Flows(SlowOutcome.Answered) * 440, tally.Bytes, 0.01 * tally.Bytes);
    }

    /// <summary>Beside the queue of packet threads stands the mean of a queue with random arrivals and fixed work:
    /// <c>s + s · ρ ÷ (2 · (1 − ρ))</c> (Pollaczek and Khinchine). Taking several flows at a time adds to it.</summary>
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void Run_OneThread_WaitsAtLeastAsLongAsTheQueueOfTheory(double load)
    {
        var site = SmallSite.Create(null) with { FlowsPerSecond = load * 1e6, Workers = 1, Seconds = 0.3 };
        var tally = SiteSimulation.Run(site);

        var theory = 1000 + (1000 * load / (2 * (1 - load)));
        var mean = Enumerable.Range(0, 1000).Average(part => tally.Sensor.Quantile((part + 0.5) / 1000));
        Assert.InRange(mean, 0.95 * theory, 1.5 * theory);
    }

    [Fact]
    public void Run_OverloadedThread_DropsWhatItsRingCannotHold()
    {
        var tally = SiteSimulation.Run(SmallSite.Create(null) with { FlowsPerSecond = 4e6, Seconds = 0.1 });

        Assert.Equal(0.5, tally.Dropped / tally.Offered, 0.02);
        Assert.Equal(2e6, tally.Sensor.Flows / 0.1, 5e4);
    }

    [Fact]
    public void Run_SlowSink_LosesRecordsAndNoFlows()
    {
        var tally = SiteSimulation.Run(SmallSite.Create(null) with { SinkPerFlow = 100_000, SinkQueue = 1000 });

        Assert.Equal(0.5, tally.RecordsLost / (2 * tally.Offered), 0.02); // 20,000 came, and 10,000 can be written
        Assert.Equal(0, tally.Dropped);
    }

    /// <summary>A pool that can compute half of what escalates: the rest is late, and nothing counts twice.</summary>
    [Fact]
    public void Run_OverloadedPool_EveryFlowHasOneOutcome()
    {
        var slow = SmallSite.CreateTier() with { PerFlow = 16 * 200_000 };
        var tally = SiteSimulation.Run(SmallSite.Create(slow) with { WarmUpSeconds = 1 });

        var outcomes = Enum.GetValues<SlowOutcome>().Sum(tally.Flows);
        Assert.True(tally.Flows(SlowOutcome.Late) > 0);
        Assert.Equal(tally.Offered / 2, outcomes, 0.1 * tally.Offered); // some of them came before counting began
        Assert.InRange(tally.Slow.Quantile(1), 0, 1.06 * slow.Deadline);
    }

    [Fact]
    public void Run_LocalCores_ComeFirst()
    {
        var tally = SiteSimulation.Run(SmallSite.Create(SmallSite.CreateTier() with { Local = 13 }));

        Assert.Equal(0, tally.Bytes);
        Assert.Equal(tally.Offered / 2, tally.Flows(SlowOutcome.Answered), 300.0);
    }

    /// <summary>A link of 1 Mbit/s carries 312 flows a second of the 10,000 that escalate.</summary>
    [Fact]
    public void Run_SlowLink_MakesAnswersLate()
    {
        var tally = SiteSimulation.Run(
            SmallSite.Create(SmallSite.CreateTier() with { LinkBytes = 1e6 / 8 / 1e9 }) with { WarmUpSeconds = 1 });

        Assert.InRange(tally.Flows(SlowOutcome.Answered) / tally.Offered, 0, 0.05);
    }
}
