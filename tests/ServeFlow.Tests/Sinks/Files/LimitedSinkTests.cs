using ServeFlow.Cascade.Bundles;
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
    public void Write_ClockWasSetBack_CountsAnew()
    {
        var (sink, written) = Create(new() { PerSecond = 2 });
        for (var i = 0; i < 9; i++)
        {
            sink.Write(Record(i, (i < 3 ? 10_000 : i < 6 ? 6400 : 6401) * Second, packets: 2));
        }

        Assert.Equal([0, 1, 3, 4, 6, 7], written.Ports);
        Assert.Equal(3, sink.LeftOut[LeftOutReason.Rate]);
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

    [Theory]
    [InlineData(new string[0], 0, true, true, "0 1 2 3 4 5", "")]
    [InlineData(new[] { "plug" }, 0, true, true, "1 3 5", "label")]
    [InlineData(new[] { "plug", "camera" }, 0, true, true, "0 1 2 3 4 5", "")]
    [InlineData(new string[0], 0.5, true, true, "3 4 5", "confidence")]
    [InlineData(new string[0], 0, true, false, "0 2 4", "event")]
    [InlineData(new string[0], 0, false, true, "1 3 5", "event")]
    [InlineData(new[] { "plug" }, 0.5, false, true, "3 5", "event confidence")]
    public void Write_ChosenRecords_OthersAreLeftOutByReason(string[] labels, double least, bool predictions, bool ends,
        string expected, string reasons)
    {
        using var bundle = new SmallBundle();
        bundle.Write();
        var choice = RecordChoice.Compile(labels, least, predictions, ends, Bundle.Load(bundle.Path).Plan);
        var (sink, written) = Create(new() { Choice = choice });

        sink.WriteMany([.. Enumerable.Range(0, 6).Select(i => Labelled(i))]);

        Assert.Equal(expected, string.Join(' ', written.Ports));
        Assert.Equal(6, written.Ports.Count + sink.LeftOut.Total);
        Assert.Equal(reasons, string.Join(' ',
            sink.LeftOut.NonZero().Select(entry => entry.Reason.ToString().ToLowerInvariant())));
    }

    [Fact]
    public void Compile_LabelThatTheBundleLacks_IsNamedWithThoseItHas()
    {
        using var bundle = new SmallBundle();
        bundle.Write();
        var plan = Bundle.Load(bundle.Path).Plan;

        Assert.Contains("no label 'plugs'; it has camera, plug", Assert.Throws<InputException>(
            () => RecordChoice.Compile(["plug", "plugs"], 0, true, true, plan)).Message);
    }

    [Fact]
    public void Use_OtherLimits_HoldForTheRecordsThatFollow()
    {
        var (sink, written) = Create(new());
        sink.Write(Record(1, Second, packets: 2));
        sink.Use(new() { PerSecond = 2 });
        sink.WriteMany([Record(2, Second, packets: 2), Record(3, Second, packets: 2), Record(4, Second, packets: 2)]);
        sink.Use(new());
        sink.Write(Record(5, Second, packets: 2));

        Assert.Equal([1, 2, 5], written.Ports);
        Assert.Equal(2, sink.LeftOut[LeftOutReason.Rate]);
    }

    /// <summary>Odd ports are plugs, and each answer is surer than the one before.</summary>
    static FlowRecord Labelled(int port)
    {
        var record = Record(port, Second, packets: 2);
        record.Kind = port % 2 == 0 ? RecordKind.Prediction : RecordKind.End;
        record.Classification.TopLabels[0] = port % 2;
        record.Classification.TopConfidences[0] = port / 6f;
        return record;
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

        public int Lookahead => 8;

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
