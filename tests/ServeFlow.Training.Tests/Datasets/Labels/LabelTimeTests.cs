using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets.Labels;

/// <summary>
/// Label rows of a capture in which each five-tuple is used twice, 300 seconds apart: a benign flow, then an attack.
/// </summary>
public sealed class LabelTimeTests : IDisposable
{
    const int Tuples = 20;
    const int Apart = 300;

    readonly CaptureFolder folder = new();

    public LabelTimeTests() => folder.Capture("a.pcap",
        [.. new[] { 0, Apart }.SelectMany(later => Enumerable.Range(0, Tuples).Select(i =>
            (later + TimeOf(i), (byte)1, (ushort)(20_000 + i), (byte)2, (ushort)80)))]);

    public void Dispose() => folder.Dispose();

    static double TimeOf(int tuple) => (tuple * 0.7) + 0.5;

    [Theory]
    [InlineData(1.0)]
    [InlineData(60.0)]
    [InlineData(0.001)]
    public void Build_BothKindsOfRows_EachFlowHasItsOwnLabel(double grain)
    {
        var built = Build(grain, 0, "benign", "attack");

        Assert.Equal([("attack", Tuples), ("benign", Tuples)], built.Report.Classes);
        Assert.Equal((0, 0, 2 * Tuples), (built.Report.Conflicts, built.Report.RowsWithoutFlow,
            built.Report.MatchedRows));
        Assert.All(built.Data.Flows, flow => Assert.Equal(
            flow.FirstNs >= (CaptureFolder.Start + Apart) * 1_000_000_000 ? "attack" : "benign",
            built.Data.Labels[flow.Label]));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(60.0)]
    public void Build_RowsOfTheAttacksOnly_NeverLabelTheBenignFlows(double grain)
    {
        var built = Build(grain, 0, "attack");

        Assert.Equal([("attack", Tuples)], built.Report.Classes);
        Assert.All(built.Data.Flows, flow =>
            Assert.True(flow.FirstNs >= (CaptureFolder.Start + Apart) * 1_000_000_000));
    }

    /// <summary>A port is used again within a second: rows cut to seconds still meet their flows in order.</summary>
    [Fact]
    public void Build_FlowsLessThanASecondApart_EachHasItsOwnRow()
    {
        var capture = new CaptureBuilder();
        foreach (var at in new[] { 0.95, 1.3, 2.2 })
        {
            var ns = (CaptureFolder.Start * 1_000_000_000) + (long)(at * 1e9);
            capture.Add(ns, Segment(2)).Add(ns + 1000, Segment(4));
        }

        File.WriteAllBytes(Path.Combine(folder.Path, "a.pcap"), capture.ToArray());
        var built = folder.Build(string.Join('\n', new[] { "a", "b", "c" }.Index().Select(label =>
            $"a.pcap,10.0.0.1,1234,10.0.0.2,80,tcp,{label.Item},{CaptureFolder.Start + label.Index}")));

        Assert.Equal(["a", "b", "c"], built.Data.Flows.Select(flow => built.Data.Labels[flow.Label]));
        Assert.Contains("2 rows have several flows within the precision of first_ts (±1 s); the nearest got the label",
            built.Report.ToString(), StringComparison.Ordinal);

        static byte[] Segment(byte flags) => Frame.Ethernet(Frame.Ip4,
            Frame.Ipv4("10.0.0.1", "10.0.0.2", 6, Frame.Tcp(1234, 80, flags)));
    }

    /// <summary>More rows and flows of one five-tuple than are compared with each other.</summary>
    [Fact]
    public void Build_TupleUsedAThousandTimes_EveryRowMeetsItsFlow()
    {
        const int Times = 1000;
        folder.Capture("b.pcap",
            [.. Enumerable.Range(0, Times).Select(i => (100.0 * i, (byte)1, (ushort)7, (byte)2, (ushort)80))]);
        var built = folder.Build(string.Join('\n', Enumerable.Range(0, Times).Reverse().Select(i =>
            $"b.pcap,10.0.0.1,7,10.0.0.2,80,udp,{i:D4},{CaptureFolder.Start + (100 * i) + (i % 10 == 3 ? 50 : 1)}")));

        Assert.Equal(Enumerable.Range(0, Times).Where(i => i % 10 != 3).Select(i => $"{i:D4}"),
            built.Data.Flows.Select(flow => built.Data.Labels[flow.Label]));
        Assert.Equal((100, 100), (built.Report.RowsWithoutFlow, built.Report.RowsAtOtherTimes));
    }

    [Fact]
    public void Build_ManyRowsWithoutATime_AllMeanTheFirstFlow()
    {
        const int Rows = 100;
        var built = folder.Build(string.Join('\n', Enumerable.Repeat("10.0.0.1,20000,10.0.0.2,80,udp,x", Rows)),
            "src,sport,dst,dport,proto,label");

        Assert.Equal((Rows, Rows - 1, 1), (built.Report.MatchedRows, built.Report.RepeatedRows,
            built.Report.LabelledFlows));
    }

    [Fact]
    public void Build_RowAtNoFlowsTime_IsCountedAndShown()
    {
        var built = folder.Build(
            "a.pcap,10.0.0.1,20000,10.0.0.2,80,udp,x,1700000001\na.pcap,10.0.0.1,20001,10.0.0.2,80,udp,x,1700000107");

        Assert.Equal((1, 1, 1), (built.Report.MatchedRows, built.Report.RowsWithoutFlow,
            built.Report.RowsAtOtherTimes));
        Assert.Null(built.Report.TimeShift);
        Assert.Equal([$"{folder.Labels}:3: none of its flows begins within 1 s of first_ts; the nearest begins "
            + "105.8 s before"], built.Report.Examples);
    }

    [Theory]
    [InlineData(3.0, "all 40 rows match if 3 h are subtracted from first_ts (a shift of -3h)")]
    [InlineData(-5.5, "all 40 rows match if 5.5 h are added to first_ts (a shift of 5h30m)")]
    public void Build_TimesOffByHours_SaysByHowMany(double hours, string expected)
    {
        var error = Assert.Throws<InputException>(() => Build(1, hours, "benign", "attack"));

        Assert.Contains($"40 name a time at which none of their flows begins: {expected})", error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3.0)]
    [InlineData(-5.5)]
    public void Build_ShiftThatIsNamed_BringsEveryRowToItsFlow(double hours)
    {
        File.WriteAllText(folder.Labels, "pcap,src,sport,dst,dport,proto,label,first_ts\n"
            + Rows(1, hours, "benign", "attack"));
        var built = folder.BuildFrom(folder.Labels, shift: TimeSpan.FromHours(-hours));

        Assert.Equal((2 * Tuples, 0), (built.Report.MatchedRows, built.Report.RowsWithoutFlow));
        Assert.Equal([("attack", Tuples), ("benign", Tuples)], built.Report.Classes);
    }

    /// <summary>A clock of twelve hours without AM and PM.</summary>
    [Fact]
    public void Build_HalfOfTheRowsOffByTwelveHours_SaysWhichPart()
    {
        var built = folder.Build(Rows(1, 0, "benign") + Rows(1, -12, null, "attack").TrimEnd());

        Assert.Equal("all 20 rows match if 12 h are added to first_ts (a shift of 12h)", built.Report.TimeShift);
        Assert.Equal([("benign", Tuples)], built.Report.Classes);
    }

    LabelledData Build(double grain, double hours, params string?[] labels) =>
        folder.Build(Rows(grain, hours, labels is ["attack"] ? [null, "attack"] : labels).TrimEnd());

    /// <summary>Rows whose times are cut to a grain of seconds.</summary>
    static string Rows(double grain, double hours, params string?[] labels) => string.Concat(labels.Index()
        .Where(label => label.Item is not null).SelectMany(label => Enumerable.Range(0, Tuples).Select(i =>
        {
            var time = CaptureFolder.Start + (label.Index * Apart) + TimeOf(i);
            var cut = (decimal)Math.Floor(time / grain) * (decimal)grain;
            return $"a.pcap,10.0.0.1,{20_000 + i},10.0.0.2,80,udp,{label.Item},{cut + (decimal)(hours * 3600)}\n";
        })));
}
