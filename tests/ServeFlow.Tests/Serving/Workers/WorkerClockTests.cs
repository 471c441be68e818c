using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Clocks;
using ServeFlow.Serving.Sources;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>What wrong times and clocks that were set do to records.</summary>
public sealed partial class WorkerClockTests
{
    const double Hour = 3_600_000;
    const double TenYears = 87_660 * Hour;

    /// <summary>How far a time is wrong, in milliseconds.</summary>
    static readonly Gen<double> Errors = Offsets(leastBehind: 60_000);

    /// <summary>
    /// How far a clock is set, in milliseconds: back by more than the longest pauses of four packets. Where these pass
    /// what it was set back by, the first of them look like wrong times.
    /// </summary>
    static readonly Gen<double> Settings = Offsets(leastBehind: 120_000);

    [Fact]
    public void Run_OneOutlier_GivesTheRecordsOfItsNeighboursTime() =>
        Gen.Select(RandomTraffic.Steps.Where(steps => steps.Length > 2), Gen.Int[0, 119], Errors, Gen.Int[1, 150])
            .Sample((steps, place, offset, burstSize) =>
            {
                place %= steps.Length;
                // A first packet that is early can be followed by a silence, unless it is early by years.
                offset = offset > 0 || place > 1 ? offset : place == 0 ? -TenYears : Math.Min(offset, -Hour);
                var times = Times(steps);
                var neighbour = times[place == 0 ? 1 : place - 1];
                var (wrong, account) = Run(Source(steps, With(times, place, times[place] + offset), burstSize));
                var (right, alone) = Run(Source(steps, With(times, place, neighbour), burstSize));

                Assert.Equal(right, wrong);
                Assert.Equal(1, account.Events[FlowEvent.ClockOutlier]);
                Assert.Equal(0, account.Events[FlowEvent.ClockStep]);
                Assert.Equal(alone.Events.Total + 1, account.Events.Total);
            });

    [Fact]
    public void Run_OnePacketBeforeALongSilence_GivesTheRecordsOfTheTwoParts() =>
        Gen.Select(RandomTraffic.Steps.Where(steps => steps.Length > 3), Gen.Double[1, 8000], Gen.Int[1, 150])
            .Sample((steps, hours, burstSize) =>
            {
                var times = Times(steps);
                times[0] = times[1] - (hours * Hour);
                var (whole, account) = Run(Source(steps, times, burstSize));
                var (one, _) = Run(Source(steps[..1], times[..1], burstSize));
                var (two, _) = Run(Source(steps[1..], times[1..], burstSize));

                Assert.Equal(one + two, whole);
                Assert.Equal((0, 1), (account.Events[FlowEvent.ClockOutlier], account.Events[FlowEvent.ClockStep]));
            });

    [Fact]
    public void Run_ClockWasSet_GivesTheRecordsOfTheTwoParts() =>
        Gen.Select(Parts, Parts, Settings, Gen.Int[1, 150]).Sample((first, second, offset, burstSize) =>
        {
            var (before, after) = (Times(first), Times(second));
            double[] times = [.. before, .. after.Select(time => before[^1] + offset + time)];
            var (whole, account) = Run(Source([.. first, .. second], times, burstSize));
            var (one, alone) = Run(Source(first, times[..first.Length], burstSize));
            var (two, other) = Run(Source(second, times[first.Length..], burstSize));

            Assert.Equal(one + two, whole);
            Assert.Equal(1, account.Events[FlowEvent.ClockStep]);
            Assert.Equal(alone.Ended[EndReason.ForcedEnd] + other.Ended[EndReason.ForcedEnd],
                account.Ended[EndReason.ForcedEnd]);
            Assert.True(account.Balances);
        });

    [Fact]
    public void Run_ClockWasSetUnderSeveralWorkers_GiveTheRecordsOfOne() =>
        Gen.Select(Parts, Parts, Settings, Gen.Int[2, 4]).Sample((first, second, offset, workers) =>
        {
            var (before, after) = (Times(first), Times(second));
            var wrong = before[^1] - (3 * TenYears);
            double[] times = [.. before, .. after.Select(time => before[^1] + offset + time), wrong];
            RandomTraffic.Step[] steps = [.. first, .. second, first[0]];
            var (alone, account) = Run(Source(steps, times, 9));
            var (together, sum) = (new List<string>(), new Account(2));
            for (var i = 0; i < workers; i++)
            {
                var (text, share) = Run(Source(steps, times, 9), source => new SharedSource(source, i, workers));
                together.AddRange(Lines(text));
                sum.Add(share);
            }

            Assert.Equal(Lines(alone).Order(StringComparer.Ordinal), together.Order(StringComparer.Ordinal));
            Assert.Equal((1, 1),
                (sum.Events[FlowEvent.ClockStep], sum.Events[FlowEvent.ClockOutlier]));
            Assert.Equal(account.Events.Total, sum.Events.Total);
            Assert.True(sum.Balances);
        });

    [Fact]
    public void Run_TimeoutsAfterAStepBehind_GoOn()
    {
        var source = new MemorySource().Udp(0, 1000, 4).Udp(1, 1000, 4).Udp(-7_200_000, 1001, 4)
            .Udp(-7_199_000, 1001, 4).Udp(-7_100_000, 1002, 4).Udp(-7_099_999, 1002, 4);

        var (_, account) = Run(source);

        Assert.Equal((1, 3), (account.Events[FlowEvent.ClockStep], account.Created));
        Assert.Equal((1, 2), (account.Ended[EndReason.IdleTimeout], account.Ended[EndReason.ForcedEnd]));
    }

    /// <summary>A part of which a step can be told: two packets at least.</summary>
    static Gen<RandomTraffic.Step[]> Parts => RandomTraffic.Steps.Where(steps => steps.Length > 2);

    static Gen<double> Offsets(double leastBehind) => Gen.Int[0, 6].Select(i =>
        ((double[])[-TenYears, -24 * Hour, -Hour, -leastBehind, Hour, 24 * Hour, TenYears])[i]);

    static double[] Times(RandomTraffic.Step[] steps)
    {
        var now = 0.0;
        return [.. steps.Select(step => now += step.PauseMs)];
    }

    static double[] With(double[] times, int place, double time)
    {
        double[] changed = [.. times];
        changed[place] = time;
        return changed;
    }

    static MemorySource Source(RandomTraffic.Step[] steps, double[] times, int burstSize) =>
        RandomTraffic.Source(steps, times, burstSize);

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    static (string Text, Account Account) Run(MemorySource source, Func<IPacketSource, IPacketSource>? share = null)
    {
        var plan = TinyCascade.Plan(1, 3);
        using var stream = new MemoryStream();
        using var sink = new EveSink(stream, plan, new());
        var worker = new Worker(plan, new(), sink);
        IPacketSource steady = new SteadySource(source);
        worker.Run(share is null ? steady : share(steady), TestContext.Current.CancellationToken);
        worker.Finish();
        return (Number().Replace(Encoding.UTF8.GetString(stream.ToArray()), ""), worker.Account);
    }

    /// <summary>Parts are numbered anew.</summary>
    [GeneratedRegex("\"pcap_cnt\":[0-9]+,?")]
    private static partial Regex Number();
}
