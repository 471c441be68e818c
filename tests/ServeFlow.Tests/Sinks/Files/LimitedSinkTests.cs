using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using Xunit;

namespace ServeFlow.Tests.Sinks.Files;

/// <summary>Bounded outputs: what is handed over is written or counted as left out.</summary>
public sealed class LimitedSinkTests
{
    const long Second = 1_000_000_000;

    [Fact]
    public void Write_MoreThanTheRate_LeavesTheRestOfTheSecondOut()
    {
        var (sink, written) = Create(new() { PerSecond = 3 });
        for (var i = 0; i < 10; i++)
        {
            sink.Write(Record(i, i < 7 ? 5 * Second : 6 * Second, packets: 2));
        }

        sink.Write(Record(99, 5 * Second, packets: 2)); // older: counts into the latest second
        Assert.Equal([0, 1, 2, 7, 8, 9], written.Ports);
        Assert.Equal((5, 5), (sink.LeftOut[LeftOutReason.Rate], sink.LeftOut.Total));
    }

    [Fact]
    public void Write_FloodOfOnePacketFlows_SamplesThem()
    {
        const int Flood = 21_000;
        var (sink, written) = Create(new() { OnePacketSample = 100 });
        for (var i = 0; i < Flood; i++)
        {
            sink.Write(Record(i, Second + i, packets: 1));
            sink.Write(Record(i, Second + i, packets: 2));
        }

        Assert.Equal(Flood, written.Ports.Count - Flood + sink.LeftOut[LeftOutReason.OnePacket]);
        Assert.InRange(written.Ports.Count - Flood, 1100, 1300);
    }

    /// <summary>A flow's prediction and its end are both written or both left out.</summary>
    [Fact]
    public void Write_SampledFlows_AreTheSameEverySecond()
    {
        var (sink, written) = Create(new() { OnePacketSample = 10 });
        for (var i = 0; i < 10_000; i++)
        {
            sink.Write(Record(i % 5000, (1 + (i / 5000)) * Second, packets: 1));
        }

        var half = written.Ports.Count / 2;
        Assert.Equal(written.Ports[..half], written.Ports[half..]);
    }

    [Fact]
    public void Write_FewOnePacketFlows_AreAllWritten()
    {
        var (sink, written) = Create(new() { OnePacketSample = 1000 });
        for (var i = 0; i < 1000; i++)
        {
            sink.Write(Record(i, Second, packets: 1));
        }

        Assert.Equal((1000, 0), (written.Ports.Count, sink.LeftOut.Total));
    }

    [Fact]
    public void Write_OutputHasItsBytes_LeavesTheRestOut()
    {
        var (sink, written) = Create(new() { Bytes = 10_000 });
        for (var i = 0; i < 100; i++)
        {
            sink.Write(Record(i, Second, packets: 2));
        }

        Assert.InRange(written.Bytes, 5_000, 10_000);
        Assert.Equal(100, written.Ports.Count + sink.LeftOut[LeftOutReason.Bytes]);
    }

    static (LimitedSink Sink, PortLog Written) Create(RecordLimits limits)
    {
        var written = new PortLog();
        return (new(written, limits), written);
    }

    static FlowRecord Record(int port, long atNs, uint packets) => new()
    {
        Kind = RecordKind.End,
        TimestampNs = atNs,
        Flow = new() { Key = new(default, default, (ushort)port, 80, 0, 6, 4), PacketsForward = packets },
    };

    /// <summary>Writes down whose records came; each takes a hundred bytes.</summary>
    sealed class PortLog : IRecordSink
    {
        public List<int> Ports { get; } = [];

        public long Bytes => Ports.Count * 100;

        public void BeginCapture(string name)
        {
        }

        public void Write(in FlowRecord record) => Ports.Add(record.Flow.Key.LowPort);

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
