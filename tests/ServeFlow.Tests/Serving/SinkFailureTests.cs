using System.Text.Json;
using ServeFlow.Serving.Sensors;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Serving;

/// <summary>
/// Sinks that fall behind or fail: full disks, pipes that nobody reads. Packets are never lost for it.
/// </summary>
public sealed class SinkFailureTests : IDisposable
{
    const int Flows = 4000;
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Limits how long workers wait for a pipe that nobody reads when their packets have ended.</summary>
    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-full-").FullName;
    readonly List<string> said = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void FullDisk_Emptied_GetsEveryRecordWholeAndSaysSoTwice()
    {
        using var disk = SmallDisk.Mount(folder, "8m");
        var filler = Path.Combine(folder, "filler");
        File.WriteAllBytes(filler, new byte[(8 << 20) - (1 << 16) - 1000]);
        using var failed = new ManualResetEventSlim();
        var log = Path.Combine(folder, "eve.json");
        using var sensor = Run(new("eve", Eve(log)), line => OnMessage(line, failed));

        Assert.True(failed.Wait(Grace, TestContext.Current.CancellationToken));
        Assert.True(File.ReadAllBytes(log) is [] or [.., (byte)'\n']);
        File.Delete(filler);
        var account = sensor.Complete(Grace);

        var sink = Assert.Single(sensor.Statistics.Sinks);
        Assert.Equal((Flows, 2 * Flows, 0), (account.Received, sink.Written, sink.Failed));
        Assert.True(sink.Failures > 0);
        Assert.Equal(2 * Flows, File.ReadLines(log).Count(line => JsonDocument.Parse(line) is not null));
        Assert.Collection(said, line => Assert.Contains("No space left", line, StringComparison.Ordinal),
            line => Assert.Contains("written again", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(RecordFormat.Eve, "4m", 2 * Flows, 0)]
    [InlineData(RecordFormat.Csv, "700k", Flows, 1)]
    [InlineData(RecordFormat.Zeek, "450k", Flows, 8)]
    public void FullDisk_FileDeletedAndReopened_IsFreedAndNothingIsLost(string format, string size, int records,
        int headerLines)
    {
        using var disk = SmallDisk.Mount(folder, size);
        using var failed = new ManualResetEventSlim();
        var log = Path.Combine(folder, "log");
        using var sensor = Run(new(format, Sink(format, log)), line => OnMessage(line, failed));
        Assert.True(failed.Wait(Grace, TestContext.Current.CancellationToken));
        var first = File.ReadLines(log).Count() - headerLines;
        Thread.Sleep(TimeSpan.FromSeconds(1)); // the next try is far away by now

        File.Delete(log);
        sensor.ReopenSinks();
        Assert.True(SpinWait.SpinUntil(() => said.Count == 2, TimeSpan.FromMilliseconds(500)));
        sensor.Complete(Grace);

        var lines = File.ReadLines(log).Where(line => !line.StartsWith("#close", StringComparison.Ordinal)).ToList();
        Assert.Equal(records, first + lines.Count - headerLines);
        Assert.All(lines.Take(headerLines), line => Assert.True(line[0] == '#' || line.StartsWith("timestamp,",
            StringComparison.Ordinal)));
        Assert.Equal((0, 0), (sensor.Statistics.Sinks[0].Lost, sensor.Statistics.Sinks[0].Failed));
    }

    [Fact]
    public void FullDisk_ToTheEnd_CountsAsFailedAndTakesEveryPacket()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");
        using var sensor = Run(new("eve", Eve("/dev/full")), said.Add);
        Assert.True(SpinWait.SpinUntil(() => sensor.Statistics.Sinks[0].Waiting == 2 * Flows, Grace));

        var account = sensor.Complete(TimeSpan.FromMilliseconds(200));

        var sink = Assert.Single(sensor.Statistics.Sinks);
        Assert.Equal((Flows, 0, 2 * Flows, 0), (account.Received, sink.Written, sink.Failed, sink.Waiting));
        Assert.True(account.Balances);
    }

    [Fact]
    public void FullDisk_WithoutRetries_IsGivenUpAtOnce()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");
        Exception? reason = null;
        var sink = new SensorSink("eve", Eve("/dev/full"))
        {
            Retries = false,
            Lossless = true,
            Capacity = 16,
            OnGivenUp = e => reason = e,
        };
        using var sensor = Run(sink, said.Add);

        sensor.Complete(Grace);

        Assert.Contains("No space left", reason?.Message, StringComparison.Ordinal);
        Assert.Equal(2 * Flows, Assert.Single(sensor.Statistics.Sinks).Failed);
    }

    [Fact]
    public void PipeThatNobodyReads_LosesRecordsButNoPackets()
    {
        var pipe = Path.Combine(folder, "pipe");
        Assert.SkipUnless(SmallDisk.Run("mkfifo", pipe) == 0, "no named pipes here");
        using var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
        using var sensor = Run(new("eve", Eve(pipe)) { Capacity = 64 }, said.Add);

        var account = sensor.Complete(TimeSpan.Zero);

        var sink = Assert.Single(sensor.Statistics.Sinks);
        Assert.Equal(Flows, account.Received);
        Assert.True(account.Balances);
        Assert.True(sink.Lost > 0);
        Assert.Equal(2 * Flows, sink.Written + sink.Lost + sink.Failed);
    }

    [Fact]
    public void LosslessPipeThatNobodyReads_CanStillBeStopped()
    {
        var pipe = Path.Combine(folder, "pipe");
        Assert.SkipUnless(SmallDisk.Run("mkfifo", pipe) == 0, "no named pipes here");
        using var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
        var sink = new SensorSink("eve", Eve(pipe)) { Capacity = 64, Lossless = true };
        using var sensor = Sensor(sink, said.Add);
        sensor.Start();

        Assert.False(sensor.Wait(TimeSpan.FromMilliseconds(1)));
        var account = sensor.Complete(TimeSpan.FromMilliseconds(50));

        Assert.True(account.Balances);
        Assert.Equal(account.Created, account.Ended.Total);
    }

    static IRecordSink Eve(string path) => Sink(RecordFormat.Eve, path);

    static LogFileSink Sink(string format, string path) => new(path, (stream, isNew) =>
        RecordFormat.CreateSink(format, stream, TinyCascade.Plan(1), new() { HasHeader = isNew }));

    /// <summary>All packets have been taken when this returns.</summary>
    static Sensor Run(SensorSink sink, Action<string> say)
    {
        var sensor = Sensor(sink, say);
        sensor.Start();
        Assert.True(sensor.Wait(Grace));
        return sensor;
    }

    static Sensor Sensor(SensorSink sink, Action<string> say)
    {
        var source = new MemorySource(64);
        for (var i = 0; i < Flows; i++)
        {
            source.Udp(i * 0.01, 1 + i, TinyCascade.SureOdd);
        }

        return new(TinyCascade.Plan(1), new() { StopTimeout = StopTimeout }, [new(source)], [sink], say);
    }

    void OnMessage(string line, ManualResetEventSlim failed)
    {
        said.Add(line);
        failed.Set();
    }
}
