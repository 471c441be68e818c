using CsCheck;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.Workers;
using ServeFlow.Tests.Serving;
using ServeFlow.Units;
using Xunit;

namespace ServeFlow.Tests.Units;

/// <summary>Training and matrices collect the packets that a worker shows its model.</summary>
public sealed class UnitCollectorPropertyTests
{
    static readonly TimeSpan[] Waits = [.. new[] { 0.001, 0.05, 1, 30, 86_400 }.Select(TimeSpan.FromSeconds)];

    static readonly TimeSpan?[] Windows =
        [null, null, .. new[] { 0.001, 0.05, 0.3, 2, 30 }.Select(length => (TimeSpan?)TimeSpan.FromSeconds(length))];

    static readonly Gen<(int Depth, TimeSpan WaitLimit, TimeSpan? Window)> Rules =
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, Waits.Length - 1], Gen.Int[0, Windows.Length - 1])
            .Select((depth, wait, window) => (depth, Waits[wait], Windows[window]));

    /// <summary>Short timeouts and little room, so that flows end in every way there is.</summary>
    static readonly FlowOptions Tight = new()
    {
        UdpIdleTimeout = TimeSpan.FromMilliseconds(700),
        TcpIdleTimeout = TimeSpan.FromSeconds(3),
        ActiveTimeout = TimeSpan.FromSeconds(10),
        MaxFlows = 6,
    };

    [Fact]
    public void Run_AnyTraffic_CollectsWhatAWorkerShowsItsModel() =>
        Gen.Select(RandomTraffic.Steps, Rules, Gen.Bool).Sample((steps, rule, tight) =>
            AssertSame(rule, tight ? Tight : new(), () => RandomTraffic.Source(tight ? WithoutTies(steps) : steps, 9)));

    [Fact]
    public void Run_ClockGoesBackwards_CollectsWhatAWorkerShowsItsModel() =>
        Gen.Select(Gen.Select(Gen.Int[0, 40], Gen.Int[-3000, 3000], Gen.Int[0, 63]).Array[1, 60], Rules).Sample(
            (steps, rule) => AssertSame(rule, new(), () => Jumping(steps)));

    /// <summary>Every capture of real traffic, at the deepest of the usual tiers.</summary>
    [Theory]
    [InlineData("iot_device", null)]
    [InlineData("iot_device", 1.0)]
    [InlineData("protocol", null)]
    [InlineData("protocol", 1.0)]
    [InlineData("video_resolution", null)]
    [InlineData("video_resolution", 1.0)]
    public void Run_RealCaptures_CollectsWhatAWorkerShowsItsModel(string task, double? window)
    {
        var captures = CaptureSet.Find(TestData.Require(task), stop: TestContext.Current.CancellationToken).Captures;
        var rule = (10, CollectionRule.DefaultWaitLimit, window is { } s ? TimeSpan.FromSeconds(s) : (TimeSpan?)null);
        Assert.All(captures, capture => AssertSame(rule, new(), () => CaptureFile.Open(capture.Path)));
    }

    [Fact]
    public void Run_AnyTraffic_AccountsForEveryPacket() =>
        Gen.Select(RandomTraffic.Steps, Rules, Gen.Bool).Sample((steps, rule, tight) =>
        {
            var received = new ReceivedUnits { Wants = flow => flow % 3 > 0 };
            var collector = Collect(rule, tight ? Tight : new(), RandomTraffic.Source(steps, 9), received);

            Assert.Equal(steps.Length, collector.Received);
            Assert.Equal(collector.Received, collector.Tracked + collector.Ignored.Total + collector.Untracked.Total);
            Assert.Equal(collector.Created, received.EndsNs.Count);
            var wanted = collector.Created - ((collector.Created + 2) / 3);
            Assert.True(rule.Window is null ? received.Units.Count == wanted : received.Units.Count >= wanted);
        });

    /// <summary>A collector that has seen a capture, of any time, gives of another what a new one does.</summary>
    [Fact]
    public void Run_AfterAnotherCapture_CollectsAsANewOne() =>
        Gen.Select(RandomTraffic.Steps, RandomTraffic.Steps, Rules).Sample((before, steps, rule) =>
        {
            var (first, second) = (new ReceivedUnits(), new ReceivedUnits());
            Collect(rule, new(), RandomTraffic.Source(steps, 9), first);
            Collect(rule, new(), RandomTraffic.Source(before, 9), second);
            var (units, contents) = (second.Seen.Units.ToList(), second.Seen.Contents.ToList());
            var both = new ReceivedUnits();
            var collector = Collect(rule, new(), RandomTraffic.Source(before, 9), both);
            Run(collector, RandomTraffic.Source(steps, 9));

            Assert.Equal(units.Concat(first.Seen.Units).Order(), both.Seen.Units);
            Assert.Equal(contents.Concat(first.Seen.Contents).Order(StringComparer.Ordinal), both.Seen.Contents);
        });

    /// <summary>
    /// Gives every packet a time of its own. A full table ends the flow without a packet for longest; which one of two
    /// that were last seen at the same moment depends on their indexes, and so on the order in which others ended.
    /// </summary>
    static RandomTraffic.Step[] WithoutTies(RandomTraffic.Step[] steps) =>
        [.. steps.Select(step => step with { PauseMs = step.PauseMs + 1 })];

    static void AssertSame((int Depth, TimeSpan WaitLimit, TimeSpan? Window) rule, FlowOptions flows,
        Func<IPacketSource> open)
    {
        var (shown, received) = (new ShownUnits(), new ReceivedUnits());
        var worker = new Worker(shown.Plan(rule.Depth, rule.WaitLimit, rule.Window), new() { Flows = flows }, shown);
        using (var source = open())
        {
            worker.Run(source, TestContext.Current.CancellationToken);
            worker.Finish();
        }

        using var again = open();
        Collect(rule, flows, again, received);
        Assert.Equal(worker.Account.Units, received.Seen.Count);
        Assert.Equal(shown.Seen.Units, received.Seen.Units);
        Assert.Equal(shown.Seen.Contents, received.Seen.Contents);
    }

    static UnitCollector Collect((int Depth, TimeSpan WaitLimit, TimeSpan? Window) rule, FlowOptions flows,
        IPacketSource source, ReceivedUnits received)
    {
        var collector = new UnitCollector(new(rule.Depth, rule.WaitLimit, new(rule.Window)), flows, received);
        Run(collector, source);
        return collector;
    }

    static void Run(UnitCollector collector, IPacketSource source)
    {
        collector.Run(source, TestContext.Current.CancellationToken);
        collector.Finish();
    }

    static MemorySource Jumping((int Host, int PauseMs, int Flags)[] steps)
    {
        var (source, now) = (new MemorySource(7), 100_000.0);
        foreach (var (host, pause, flags) in steps)
        {
            now += pause;
            _ = host % 3 == 0
                ? source.Tcp(now, 1000 + (host % 7), (byte)flags, host % 2 == 0)
                : source.Udp(now, 1000 + (host % 7), host % 8, host % 2 == 0);
        }

        return source;
    }
}
