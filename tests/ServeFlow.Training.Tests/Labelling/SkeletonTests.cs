using System.Text;
using ServeFlow.Features;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Labelling;
using ServeFlow.Training.Tests.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Labelling;

/// <summary>A labels file without labels names every flow so that training finds exactly that one again.</summary>
public sealed class SkeletonTests : IDisposable
{
    readonly CaptureFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_TwoFlows_ARowEach()
    {
        folder.Capture("web/a.pcap", (0.25, 1, 1000, 2, 53), (1, 2, 53, 1, 1000), (2, 3, 1000, 2, 443));

        var rows = Write(folder.Path, out var summary);

        Assert.Equal((1, 3L, 2L), (summary.Files.Captures, summary.Traffic.Packets, summary.Traffic.Flows));
        Assert.Equal("pcap,src,sport,dst,dport,proto,first_ts,last_ts,packets,bytes,src_mac,dst_mac,community_id,label",
            rows[0]);
        Assert.StartsWith("web/a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,1700000000.250000000,1700000001.000000000,2,",
            rows[1], StringComparison.Ordinal);
        Assert.Equal(3, rows.Length);
        Assert.All(rows[1..], row => Assert.EndsWith("=,", row, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("iot_device")]
    [InlineData("protocol")]
    [InlineData("video_resolution")]
    public void Write_RealCaptures_EveryRowMeetsItsFlowAndNoOther(string set) => AssertRoundTrip(TestData.Require(set));

    /// <summary>Clocks may stand still: such flows can be told apart by their order alone.</summary>
    [Fact]
    public void Write_FlowsOfOneTupleAtOneTime_MeetTheirRowsInOrder()
    {
        var tcp = (byte flags) => Frame.Ethernet(Frame.Ip4,
            Frame.Ipv4("10.0.0.1", "10.0.0.2", 6, Frame.Tcp(1234, 80, flags)));
        var capture = new CaptureBuilder();
        for (var i = 0; i < 3; i++)
        {
            capture.Add(1_700_000_000_000_000_000, tcp(2)).Add(1_700_000_000_000_000_000, tcp(4));
        }

        File.WriteAllBytes(Path.Combine(folder.Path, "a.pcap"), capture.ToArray());

        AssertRoundTrip(folder.Path);
    }

    [Fact]
    public void Write_NanosecondCapture_KeepsEveryDigit()
    {
        File.WriteAllBytes(Path.Combine(folder.Path, "a.pcap"), new CaptureBuilder(nanoseconds: true)
            .Add(1_700_000_000_123_456_789, Frame.Simple()).ToArray());

        Assert.Contains(",tcp,1700000000.123456789,1700000000.123456789,1,54,02:00:00:00:00:01,02:00:00:00:00:02,",
            Write(folder.Path, out _)[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b,\"c\".pcap")]
    [InlineData("a\\b.pcap")]
    public void Write_CaptureWithAnOddName_IsFoundAgain(string name)
    {
        folder.Capture("plain.pcap", (0, 1, 1000, 2, 53));
        File.Move(Path.Combine(folder.Path, "plain.pcap"), Path.Combine(folder.Path, name));

        AssertRoundTrip(folder.Path);
    }

    static string[] Write(string path, out SkeletonSummary summary)
    {
        using var text = new StringWriter();
        summary = new SkeletonWriter(CaptureSet.Find(path), new()).Write(text, null,
            TestContext.Current.CancellationToken);
        return text.ToString().TrimEnd('\n').Split('\n');
    }

    void AssertRoundTrip(string path)
    {
        var rows = Write(path, out _);
        var labels = new StringBuilder(rows[0] + "\n");
        foreach (var (i, row) in rows[1..].Index())
        {
            labels.Append($"{row}{i:D6}\n");
        }

        File.WriteAllText(folder.Labels, labels.ToString());
        var built = DataSetBuilder.Build(new()
        {
            Path = path,
            Labels = folder.Labels,
            Schema = FeatureSchema.Parse("nprint:udp"),
            Depth = 1,
            MinClasses = 1,
        }, null, TestContext.Current.CancellationToken);

        Assert.Equal((rows.Length - 1, 0, 0, 0L), (built.Report.MatchedRows, built.Report.Conflicts,
            built.Report.RepeatedRows, built.Report.UnlabelledFlows + built.Report.Continuations));
        Assert.Equal(Enumerable.Range(0, rows.Length - 1).Select(i => $"{i:D6}"),
            built.Data.Flows.Select(flow => built.Data.Labels[flow.Label]));
    }
}
