using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

/// <summary>Captures that are one link's: a flow that goes on in the next file is one flow, of the first.</summary>
public sealed class JoinedDataSetTests : IDisposable
{
    readonly CaptureFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Build_FlowOverTwoFiles_IsOneFlowOfTheFirst()
    {
        WriteRing();
        var apart = folder.BuildFrom(folder.Labels);
        var joined = folder.BuildFrom(folder.Labels, join: true);

        Assert.Equal((4, 3), (apart.Report.Flows, joined.Report.Flows));
        Assert.Equal(apart.Report.Packets, joined.Report.Packets);
        Assert.Equal([(0, "long", 4), (0, "first", 1), (1, "second", 1)], joined.Data.Flows.Select(flow =>
            (flow.Capture, joined.Data.Labels[flow.Label], flow.KeptPackets)));
        Assert.Equal((2, 0), (joined.Report.Captures, joined.Report.CapturesWithoutFlow));
    }

    /// <summary>The row names the file in which it saw the flow, which begins in the one before.</summary>
    [Fact]
    public void Build_RowOfTheSecondFile_LabelsTheFlowThatBeganInTheFirst()
    {
        WriteRing();
        var joined = folder.BuildJoined($"2.pcap,10.0.0.1,1000,10.0.0.2,80,udp,x,{CaptureFolder.Start}");

        Assert.Equal((1, 0), (joined.Report.MatchedRows, joined.Report.RowsWithoutFlow));
        Assert.Equal(0, Assert.Single(joined.Data.Flows).Capture);
    }

    [Fact]
    public void Build_Directories_LabelByTheFileInWhichAFlowBegins()
    {
        folder.Capture("a/1.pcap", (0, 1, 1000, 2, 80), (1, 1, 1000, 2, 80));
        folder.Capture("b/2.pcap", (2, 2, 80, 1, 1000), (3, 5, 2000, 6, 80));
        var joined = folder.BuildFrom(null, minClasses: 2, join: true);

        Assert.Equal([("a", 1), ("b", 1)], joined.Report.Classes);
        Assert.Equal(3, joined.Data.Flows[0].KeptPackets);
    }

    /// <summary>Two taps, one direction each, in whatever order they are found.</summary>
    [Fact]
    public void Build_OverlappingFiles_AreMergedByTime()
    {
        folder.Capture("in.pcap", (0.2, 2, 80, 1, 1000), (0.4, 2, 80, 1, 1000));
        folder.Capture("out.pcap", (0.1, 1, 1000, 2, 80), (0.3, 1, 1000, 2, 80));
        var joined = folder.BuildJoined($"in.pcap,10.0.0.1,1000,10.0.0.2,80,udp,x,{CaptureFolder.Start}.1");

        Assert.Equal((1, 1, 4), (joined.Report.Flows, joined.Report.MatchedRows,
            Assert.Single(joined.Data.Flows).KeptPackets));
    }

    [Fact]
    public void Build_OneFile_IsTheSameJoinedOrNot()
    {
        folder.Capture("1.pcap", (0, 1, 1000, 2, 80), (1, 2, 80, 1, 1000), (2, 3, 1001, 4, 80));
        var rows = "1.pcap,10.0.0.1,1000,10.0.0.2,80,udp,x\n1.pcap,10.0.0.3,1001,10.0.0.4,80,udp,y";
        var apart = folder.Build(rows, "pcap,src,sport,dst,dport,proto,label");
        var joined = folder.BuildFrom(folder.Labels, join: true);

        Assert.Equal(apart.Data.Sha256, joined.Data.Sha256);
        Assert.Equal(apart.Report.ToString(), joined.Report.ToString());
    }

    void WriteRing()
    {
        folder.Capture("1.pcap", (0, 1, 1000, 2, 80), (1, 2, 80, 1, 1000), (1.5, 3, 1001, 4, 80));
        folder.Capture("2.pcap", (2, 1, 1000, 2, 80), (3, 2, 80, 1, 1000), (4, 5, 1002, 6, 80));
        File.WriteAllText(folder.Labels, $"""
            pcap,src,sport,dst,dport,proto,label,first_ts
            1.pcap,10.0.0.1,1000,10.0.0.2,80,udp,long,{CaptureFolder.Start}.000
            1.pcap,10.0.0.3,1001,10.0.0.4,80,udp,first,{CaptureFolder.Start + 1}.500
            2.pcap,10.0.0.5,1002,10.0.0.6,80,udp,second,{CaptureFolder.Start + 4}.000
            """);
    }
}

file static class JoinedFolder
{
    public static LabelledData BuildJoined(this CaptureFolder folder, string row)
    {
        File.WriteAllText(folder.Labels, $"pcap,src,sport,dst,dport,proto,label,first_ts\n{row}\n");
        return folder.BuildFrom(folder.Labels, join: true);
    }
}
