using CsCheck;
using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

public sealed class WindowTests : IDisposable
{
    const string Row = "a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns";

    readonly CaptureFolder folder = new();

    public void Dispose() => folder.Dispose();

    void Capture(params double[] times) =>
        folder.Capture("a.pcap", [.. times.Select(at => (at, (byte)1, (ushort)1000, (byte)2, (ushort)53))]);

    [Fact]
    public void Build_FlowLongerThanWindow_EachWindowWithPacketsIsAUnit()
    {
        Capture(0, 0.25, 0.9, 0.95, 1.0, 1.5, 4.75);
        var built = folder.BuildWindows(Row, TimeSpan.FromSeconds(1));

        var data = built.Data;
        Assert.Equal([0, 1, 4], data.Flows.Select(unit => unit.Window));
        Assert.Equal([3, 2, 1], data.Flows.Select(unit => unit.KeptPackets));
        Assert.Equal([0, 1.0, 4.75], data.Flows.Select(unit => Seconds(unit.FirstNs)));
        Assert.Equal([1, 2, 4.75], data.Flows.Select(unit => Seconds(unit.EndNs)));
        Assert.Equal([0, 0, 0], data.FirstOfFlow());
        Assert.Equal((1, 3), (built.Report.LabelledFlows, built.Report.Units));
        Assert.StartsWith("3 windows of 1s of 1 labelled flows", built.Report.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Without room for all packets, the data set is as if nobody had tried to keep them.</summary>
    [Theory]
    [InlineData(1 << 20, 10_000, new[] { 4, 2, 1 })]
    [InlineData(0, 3, new[] { 3, 2, 1 })]
    public void Build_WholeWindows_AreKeptWhereThereIsRoom(long bytes, int depth, int[] kept)
    {
        Capture(0, 0.25, 0.9, 0.95, 1.0, 1.5, 4.75);
        var built = folder.BuildWindows(Row, TimeSpan.FromSeconds(1), wholeBytes: bytes);

        Assert.Equal(depth, built.Data.Depth);
        Assert.Equal(kept, built.Data.Flows.Select(unit => unit.KeptPackets));
        Assert.Equal((1, 3, 7), (built.Report.LabelledFlows, built.Report.Units, built.Report.Packets));
    }

    /// <summary>Gap and age are counted from the window's first packet, as a flow's are from its.</summary>
    [Fact]
    public void Build_LaterWindow_TimesBeginAnew()
    {
        Capture(0, 1.25, 1.5, 1.875);
        var packets = folder.BuildWindows(Row, TimeSpan.FromSeconds(1)).Data.Packets(1).ToArray();

        Assert.Equal([0u, 250_000u, 375_000u], packets.Select(packet => packet.InterArrivalMicroseconds));
        Assert.Equal([0u, 250_000u, 625_000u], packets.Select(packet => packet.SinceFirstMicroseconds));
    }

    /// <summary>The answer's own direction, were it the window's first packet's, would be forward.</summary>
    [Fact]
    public void Build_WindowBeginsBackward_DirectionStaysTheFlows()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53), (1.5, 2, 53, 1, 1000));
        var data = folder.BuildWindows(Row, TimeSpan.FromSeconds(1)).Data;

        Assert.Equal([0, 1], [data.Packets(0)[0].Direction, data.Packets(1)[0].Direction]);
    }

    [Fact]
    public void Build_MoreWindowsThanWanted_SpreadEvenlyAndCounted()
    {
        Capture([.. Enumerable.Range(0, 9).Select(i => (double)i)]);
        var built = folder.BuildWindows(Row, TimeSpan.FromSeconds(1), most: 3);

        Assert.Equal([0, 3, 6], built.Data.Flows.Select(unit => unit.Window));
        Assert.Equal(6, built.Report.WindowsLeftOut);
        Assert.Contains("6 windows beyond the most of a flow, left out", built.Report.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Build_RandomTimes_AsSlowSplitter() =>
        Gen.Select(Gen.Int[0, 30_000].Array[1, 40], Gen.Int[1, 5_000]).Sample((offsets, length) =>
        {
            int[] times = [0, .. offsets.Order()];
            File.Delete(Path.Combine(folder.Path, "a.pcap"));
            Capture([.. times.Select(ms => ms / 1e3)]);
            var data = folder.BuildWindows(Row, TimeSpan.FromMilliseconds(length)).Data;
            var expected = times.GroupBy(ms => ms / length).Select(window => ((long)window.Key, window.First(),
                Math.Min(window.Count(), 3)));
            Assert.Equal(expected, data.Flows.Select(unit => (unit.Window,
                (int)Math.Round(Seconds(unit.FirstNs) * 1e3), unit.KeptPackets)));
        }, iter: 30, threads: 1);

    [Theory]
    [InlineData(SplitKind.Flow)]
    [InlineData(SplitKind.Time)]
    public void Split_OfWindows_NoFlowIsOnBothSides(SplitKind kind)
    {
        folder.Capture("a.pcap", [.. Enumerable.Range(0, 60).Select(i =>
            (i * 0.25, (byte)1, (ushort)(1000 + (i % 6)), (byte)2, (ushort)53))]);
        var data = folder.BuildWindows(string.Join('\n', Enumerable.Range(0, 6).Select(i =>
            $"a.pcap,10.0.0.1,{1000 + i},10.0.0.2,53,udp,{(i % 2 == 0 ? "even" : "odd")}")),
            TimeSpan.FromSeconds(2)).Data;

        var first = data.FirstOfFlow();
        var parts = Split.Create(FlowSample.All(data), 0.4, kind, seed: 1);
        Assert.Empty(FlowsOf(parts.Train).Intersect(FlowsOf(parts.HeldOut)));
        Assert.Equal(data.Flows.Count, parts.Train.Count + parts.HeldOut.Count);
        var folds = Split.Folds(parts.Train, 2, kind, seed: 1);
        Assert.Empty(FlowsOf(folds[0].HeldOut).Intersect(FlowsOf(folds[1].HeldOut)));

        IEnumerable<int> FlowsOf(FlowSample units) =>
            Enumerable.Range(0, units.Count).Select(position => first[units.FlowIndex(position)]);
    }

    static double Seconds(long ns) => (ns - (CaptureFolder.Start * 1_000_000_000)) / 1e9;
}
