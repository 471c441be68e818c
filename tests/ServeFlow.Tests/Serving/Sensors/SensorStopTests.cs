using System.Diagnostics;
using ServeFlow.Packets;
using ServeFlow.Serving.Sensors;
using ServeFlow.Sinks;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

/// <summary>
/// Stops of a sensor with far more open flows than an output's queue holds records: nothing that can be written is
/// lost, and an output that is stuck costs the others nothing.
/// </summary>
public sealed class SensorStopTests
{
    const int Flows = 5000;
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    [Fact]
    public void Stop_MoreOpenFlowsThanTheQueueHolds_LosesNothing()
    {
        var log = new RecordLog();
        using var sensor = RunToTheLastPacket([new("log", log) { Capacity = 64 }]);

        sensor.Stop();
        var account = sensor.Complete(Grace);

        var sink = Assert.Single(sensor.Statistics.Sinks);
        Assert.Equal((Flows, 2 * Flows, 0), (account.Created, sink.Written, sink.Lost + sink.Failed));
        Assert.Equal((Flows, Flows), (log.Predictions.Count, log.Ends.Count));
    }

    [Fact]
    public void SourceThatEnds_MoreOpenFlowsThanTheQueueHolds_LosesNothing()
    {
        var log = new RecordLog();
        using var sensor = new Sensor(TinyCascade.Plan(1, 3), new(), [new(Source())],
            [new("log", log) { Capacity = 64 }], _ => { });
        sensor.Start();

        Assert.True(sensor.WaitForRecords(Grace));
        sensor.Complete(Grace);

        Assert.Equal(2 * Flows, log.Records.Count);
        Assert.Equal(0, Assert.Single(sensor.Statistics.Sinks).Lost);
    }

    [Fact]
    public void Stop_OneOutputIsStuck_TheOthersGetEverythingInTime()
    {
        var log = new RecordLog();
        using var stuck = new StuckSink();
        using var sensor = RunToTheLastPacket(
            [new("stuck", stuck) { Capacity = 64 }, new("log", log) { Capacity = 2 * Flows }], TimeSpan.FromSeconds(4));
        var start = Stopwatch.GetTimestamp();

        sensor.Stop();
        var account = sensor.Complete(Grace);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(4.5));
        Assert.Equal(2 * Flows, log.Records.Count);
        Assert.True(account.Balances);
        var (lost, whole) = (sensor.Statistics.Sinks[0], sensor.Statistics.Sinks[1]);
        Assert.Equal((2 * Flows, 0, 0), (whole.Written, whole.Lost, whole.Failed));
        Assert.Equal((0, 2 * Flows), (lost.Written, lost.Lost + lost.Failed));
    }

    [Fact]
    public void Run_OneOutputIsStuck_NoAnswerChanges()
    {
        var log = new RecordLog();
        using var stuck = new StuckSink();
        using var sensor = RunToTheLastPacket([new("stuck", stuck) { Capacity = 16 }, new("log", log)]);

        var account = sensor.Complete(TimeSpan.FromMilliseconds(200));

        Assert.Equal(0, account.ShedByTier.ToArray().Sum());
        Assert.All(log.Predictions, record => Assert.Equal(1, record.Classification.Tier));
    }

    [Fact]
    public void WaitForRecords_LosslessOutputThatIsSlow_IsNotGivenUpWhenTheSourceEnds()
    {
        using var stuck = new StuckSink();
        using var sensor = new Sensor(TinyCascade.Plan(1, 3), new() { StopTimeout = TimeSpan.FromMilliseconds(100) },
            [new(Source())], [new("slow", stuck) { Capacity = 64, Lossless = true }], _ => { });
        sensor.Start();

        Assert.False(sensor.WaitForRecords(TimeSpan.FromMilliseconds(500)));
        stuck.Release();
        Assert.True(sensor.WaitForRecords(Grace));
        sensor.Complete(Grace);

        Assert.Equal(2 * Flows, Assert.Single(sensor.Statistics.Sinks).Written);
    }

    /// <summary>All packets have been taken when this returns, and all flows are open and undecided.</summary>
    static Sensor RunToTheLastPacket(IReadOnlyList<SensorSink> sinks, TimeSpan? stopTimeout = null)
    {
        var quiet = new QuietSource(Source());
        var sensor = new Sensor(TinyCascade.Plan(1, 3), new() { StopTimeout = stopTimeout ?? Grace }, [new(quiet)],
            sinks, _ => { });
        sensor.Start();
        quiet.WaitUntilQuiet();
        return sensor;
    }

    /// <summary>Flows of one packet, of which the first tier is unsure: their records come at the end.</summary>
    static MemorySource Source()
    {
        var source = new MemorySource();
        for (var i = 0; i < Flows; i++)
        {
            source.Udp(i * 0.01, 1 + i, TinyCascade.UnsureOdd);
        }

        return source;
    }

    /// <summary>A link on which some packets come, and then none.</summary>
    sealed class QuietSource(IPacketSource packets) : IPacketSource
    {
        readonly ManualResetEventSlim quiet = new();

        public bool Poll(PacketBurst burst)
        {
            if (!packets.Poll(burst))
            {
                quiet.Set();
            }

            return true;
        }

        public void WaitUntilQuiet() => Assert.True(quiet.Wait(Grace, TestContext.Current.CancellationToken));

        public void Dispose() => quiet.Dispose();
    }

    /// <summary>A pipe whose reader has stopped reading.</summary>
    sealed class StuckSink : IRecordSink
    {
        readonly ManualResetEventSlim reader = new();

        public void Release() => reader.Set();

        public void BeginCapture(string name)
        {
        }

        public void Write(in FlowRecord record) => reader.Wait();

        public void Flush()
        {
        }

        public void Dispose() => reader.Set();
    }
}
