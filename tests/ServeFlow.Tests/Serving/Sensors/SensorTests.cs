using System.Text;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.Captures;
using ServeFlow.Serving.Sensors;
using ServeFlow.Serving.Sources;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

/// <summary>Whole sensors over captures, from the files to the records.</summary>
public sealed class SensorTests : IDisposable
{
    const long Second = 1_000_000_000;
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-sensor-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_Captures_GivesWhatClassifyGives(int workers)
    {
        WriteCaptures();
        using var stream = new MemoryStream();

        var account = Run(workers, new EveSink(stream, Plan, new()), double.PositiveInfinity);

        Assert.Equal(Sorted(Classified()), Sorted(Encoding.UTF8.GetString(stream.ToArray())));
        Assert.True(account.Balances);
        Assert.Equal(account.Created, account.Decisions.Total);
    }

    [Fact]
    public void Run_PacedReplay_GivesTheSameRecords()
    {
        WriteCaptures();
        using var stream = new MemoryStream();

        Run(2, new EveSink(stream, Plan, new()), speed: 1000);

        Assert.Equal(Sorted(Classified()), Sorted(Encoding.UTF8.GetString(stream.ToArray())));
    }

    [Fact]
    public void Run_PacketLimit_StopsThereWithEveryFlowAnswered()
    {
        WriteCaptures();
        using var sensor = Sensor(2, [new("none", new NullSink())], double.PositiveInfinity, limit: 17);

        sensor.Start();
        Assert.True(sensor.Wait(Grace));
        var account = sensor.Complete(Grace);

        Assert.Equal(17, account.Received);
        Assert.Equal(account.Created, account.Ended.Total);
        Assert.True(account.Balances);
    }

    [Fact]
    public void Stop_QuietSource_EndsEveryFlow()
    {
        var log = new RecordLog();
        using var quiet = new QuietSource(new MemorySource().Udp(0, 1000, TinyCascade.UnsureOdd));
        using var sensor = new Sensor(Plan, new(), [new(quiet)], [new("log", log)], _ => { });

        sensor.Start();
        quiet.WaitUntilQuiet();
        sensor.Stop();
        Assert.True(sensor.Wait(Grace));
        var account = sensor.Complete(Grace);

        Assert.Equal(1, account.Ended.Total);
        Assert.Single(log.Predictions);
    }

    [Fact]
    public void Run_QuietSource_TimeGoesOnByTheClock()
    {
        var log = new RecordLog();
        using var quiet = new QuietSource(new MemorySource().Udp(0, 1000, TinyCascade.UnsureOdd));
        var source = new SensorSource(quiet) { IdleClockNs = () => MemorySource.Start + (100 * Second) };
        using var sensor = new Sensor(Plan, new(), [source], [new("log", log)], _ => { });

        sensor.Start();
        quiet.WaitUntilQuiet();
        sensor.Complete(Grace);

        Assert.Equal(ServeFlow.Cascade.Decisions.DecisionReason.WaitTimeout,
            Assert.Single(log.Predictions).Classification.Reason);
        Assert.Equal(ServeFlow.Flows.EndReason.IdleTimeout, Assert.Single(log.Ends).EndReason);
    }

    [Fact]
    public void ReopenSinks_FileWasMoved_GoesOnInANewOne()
    {
        var log = Path.Combine(folder, "eve.json");
        using var quiet = new QuietSource(new MemorySource().Udp(0, 1000, TinyCascade.SureOdd));
        var sink = new LogFileSink(log, (stream, _) => new EveSink(stream, Plan, new()));
        using var sensor = new Sensor(Plan, new(), [new(quiet)], [new("eve", sink)], _ => { });
        sensor.Start();
        quiet.WaitUntilQuiet();
        File.Move(log, log + ".1");

        sensor.ReopenSinks();
        Assert.True(SpinWait.SpinUntil(() => File.Exists(log), Grace));
        sensor.Complete(Grace);

        Assert.Equal(2, File.ReadLines(log).Count() + File.ReadLines(log + ".1").Count());
        Assert.Contains("\"event_type\":\"flow\"", File.ReadLines(log).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_SourceThatFails_SaysSo()
    {
        using var sensor = new Sensor(Plan, new(), [new(new FailingSource())], [], _ => { });

        sensor.Start();
        Assert.True(sensor.Wait(Grace));

        Assert.Equal("the wire is cut", Assert.Throws<InputException>(() => sensor.Complete(Grace)).Message);
    }

    [Fact]
    public void Statistics_AfterTheEnd_AreTheAccounts()
    {
        WriteCaptures();
        using var sensor = Sensor(2, [new("none", new NullSink())], double.PositiveInfinity);

        sensor.Start();
        Assert.True(sensor.Wait(Grace));
        var account = sensor.Complete(Grace);
        var statistics = sensor.Statistics;

        Assert.Equal((account.Received, account.Tracked, account.Ignored.Total, account.Created),
            (statistics.Received, statistics.Tracked, statistics.Ignored, statistics.Created));
        Assert.Equal(account.DecisionsByTier.ToArray(), statistics.DecisionsByTier);
        Assert.Equal(2 * account.Created, Assert.Single(statistics.Sinks).Written);
    }

    static ServeFlow.Cascade.CascadePlan Plan { get; } = TinyCascade.Plan(1, 3);

    Account Run(int workers, IRecordSink sink, double speed)
    {
        using var sensor = Sensor(workers, [new("sink", sink) { Lossless = true }], speed);
        sensor.Start();
        Assert.True(sensor.Wait(Grace));
        return sensor.Complete(Grace);
    }

    Sensor Sensor(int workers, IReadOnlyList<SensorSink> sinks, double speed, long limit = long.MaxValue) =>
        new(Plan, new() { PacketLimit = limit },
            [.. Enumerable.Range(0, workers).Select(i => Share(i, workers, speed))],
            sinks, _ => { });

    SensorSource Share(int worker, int workers, double speed)
    {
        var captures = new CaptureSequence(CaptureSet.Find(folder).Captures);
        var paced = new PacedSource(captures, speed);
        var packets = double.IsInfinity(speed) ? (IPacketSource)captures : paced;
        return new(new SharedSource(packets, worker, workers)) { SubscribeToCaptureNames = captures.OnCapture };
    }

    string Classified()
    {
        using var stream = new MemoryStream();
        using (var sink = new EveSink(stream, Plan, new()))
        {
            _ = new CaptureSweep(Plan, new(), sink)
                .RunJoined(CaptureSet.Find(folder), TestContext.Current.CancellationToken).Count();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    static string[] Sorted(string text) => [.. text.Split('\n').Order(StringComparer.Ordinal)];

    /// <summary>Two captures with a day between, flows of many hosts, some ARP.</summary>
    void WriteCaptures()
    {
        for (var file = 0; file < 2; file++)
        {
            var capture = new CaptureBuilder();
            for (var i = 0; i < 200; i++)
            {
                var udp = Frame.Udp(1000 + (i % 60), 53, new byte[4 + (i % 4)]);
                var packet = Frame.Ipv4($"10.0.0.{i % 30}", "10.0.1.2", 17, udp);
                capture.Add((((file * 86_400) + 100) * Second) + (i * 20_000_000L), Frame.Ethernet(Frame.Ip4, packet));
            }

            File.WriteAllBytes(Path.Combine(folder, $"{file}.pcap"), capture.ToArray());
        }
    }

    /// <summary>A link on which some packets come, and then none.</summary>
    sealed class QuietSource(IPacketSource packets) : IPacketSource
    {
        readonly ManualResetEventSlim quiet = new();
        int empty;

        public bool Poll(PacketBurst burst)
        {
            if (!packets.Poll(burst) && ++empty > 2)
            {
                quiet.Set();
            }

            return true;
        }

        public void WaitUntilQuiet() => Assert.True(quiet.Wait(Grace, TestContext.Current.CancellationToken));

        public void Dispose() => quiet.Dispose();
    }

    sealed class FailingSource : IPacketSource
    {
        public bool Poll(PacketBurst burst) => throw new InputException("the wire is cut");

        public void Dispose()
        {
        }
    }
}
