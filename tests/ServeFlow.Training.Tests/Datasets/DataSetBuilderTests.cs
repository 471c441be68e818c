using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

public sealed class DataSetBuilderTests : IDisposable
{
    readonly CaptureFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("10.0.0.1,1000,10.0.0.2,53")]
    [InlineData("10.0.0.2,53,10.0.0.1,1000")]
    public void Build_EitherDirection_Matches(string tuple)
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53), (0.5, 2, 53, 1, 1000));
        var built = folder.Build($"a.pcap,{tuple},udp,dns,");

        var flow = Assert.Single(built.Data.Flows);
        Assert.Equal(2, flow.KeptPackets);
        Assert.Equal([0, 1], built.Data.Packets(0).ToArray().Select(packet => (int)packet.Direction));
        Assert.Equal(500_000u, built.Data.Packets(0)[1].InterArrivalMicroseconds);
        Assert.Equal(CaptureFolder.Start * 1_000_000_000, flow.FirstNs);
        Assert.True(flow.EndNs >= flow.FirstNs + 500_000_000);
    }

    [Fact]
    public void Build_MorePacketsThanDepth_FirstAreKept()
    {
        folder.Capture("a.pcap",
            [.. Enumerable.Range(0, 14).Select(i => ((double)i, (byte)1, (ushort)1000, (byte)2, (ushort)53))]);
        var built = folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,");

        Assert.Equal(10, built.Data.Flows[0].KeptPackets);
        Assert.Equal(9_000_000u, built.Data.Packets(0)[9].SinceFirstMicroseconds);
    }

    /// <summary>What misleads a model is said before it is learned, and left out where that was asked for.</summary>
    [Theory]
    [InlineData(false, 3, "odd: duplicate_packet 1")]
    [InlineData(true, 2, "3 packets = 2 tracked + 1 outside flows (duplicate 1) + 0 ignored")]
    public void Build_CaptureWithACopy_ReportsIt(bool drops, int kept, string line)
    {
        var packet = Frame.Ethernet(Frame.Ip4,
            Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(1000, 53, new byte[9])));
        File.WriteAllBytes(Path.Combine(folder.Path, "a.pcap"),
            new CaptureBuilder().Add(0, packet).Add(50_000, packet).Add(1_000_000_000, packet).ToArray());
        File.WriteAllText(folder.Labels, "src,sport,dst,dport,proto,label\n10.0.0.1,1000,10.0.0.2,53,udp,dns\n");
        var built = DataSetBuilder.Build(new()
        {
            Path = folder.Path,
            Labels = folder.Labels,
            Schema = Features.FeatureSchema.Parse("paper"),
            MinClasses = 1,
            Flows = new() { DropsDuplicates = drops },
        }, null, TestContext.Current.CancellationToken);

        Assert.Equal(kept, built.Data.Flows[0].KeptPackets);
        Assert.Equal(drops, built.Data.FlowRules.DropsDuplicates);
        Assert.Equal(1, built.Report.Traffic!.Odd.Duplicates);
        Assert.Contains(line, built.Report.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Training does not learn from packets that serving would not wait for.</summary>
    [Fact]
    public void Build_PacketsAfterTheWaitLimit_AreNotKept()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53), (59, 1, 1000, 2, 53), (61, 1, 1000, 2, 53));
        var data = folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,").Data;

        Assert.Equal(TimeSpan.FromSeconds(60), data.WaitLimit);
        Assert.Equal(2, data.Flows[0].KeptPackets);
    }

    /// <summary>Three flows of one five-tuple: UDP flows end after a minute without a packet.</summary>
    void CaptureThree() => folder.Capture("a.pcap",
        (0, 1, 1000, 2, 53), (100, 1, 1000, 2, 53), (200, 1, 1000, 2, 53), (200.5, 2, 53, 1, 1000));

    [Theory]
    [InlineData("", 0)]
    [InlineData("1700000100.0005", 100)]
    [InlineData("1700000200", 200)]
    [InlineData("1700000201", 200)]
    public void Build_SeveralFlowsOfOneTuple_FirstTsChooses(string firstTs, int begins)
    {
        CaptureThree();
        var built = folder.Build($"a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,{firstTs}");

        Assert.Equal((CaptureFolder.Start + begins) * 1_000_000_000, Assert.Single(built.Data.Flows).FirstNs);
        Assert.Equal(2, built.Report.Continuations);
    }

    [Fact]
    public void Build_RowForEachOfSeveralFlows_EachTakesItsOwn()
    {
        CaptureThree();
        var built = folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,one,1700000000\n"
            + "a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,three,1700000200");

        Assert.Equal(["one", "three"], built.Data.Flows.Select(flow => built.Data.Labels[flow.Label]));
        Assert.Equal([1, 2], built.Data.Flows.Select(flow => flow.KeptPackets));
        Assert.Equal(1, built.Report.Continuations);
    }

    [Fact]
    public void Build_ContradictingRows_FlowIsLeftOutAndCounted()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53), (1, 1, 1001, 2, 53));
        var built = folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,one,\n"
            + "a.pcap,10.0.0.2,53,10.0.0.1,1000,udp,two,\na.pcap,10.0.0.1,1001,10.0.0.2,53,udp,one,\n"
            + "a.pcap,10.0.0.1,1001,10.0.0.2,53,udp,one,");

        Assert.Equal(1, built.Report.Conflicts);
        Assert.Equal(1, built.Report.RepeatedRows);
        Assert.Single(built.Data.Flows);
        Assert.Equal([$"{folder.Labels}:2: another row labels the same flow of a.pcap differently"],
            built.Report.Examples);
    }

    [Fact]
    public void Build_RowsAndFlowsWithoutPartner_AreCountedWithExamples()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53), (1, 3, 1000, 2, 53));
        var built = folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,\na.pcap,10.0.0.9,1,10.0.0.2,53,udp,dns,\n"
            + "b.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,");

        Assert.Equal((3, 1, 1, 1, 1L), (built.Report.Rows, built.Report.MatchedRows, built.Report.RowsWithoutFlow,
            built.Report.RowsElsewhere, built.Report.UnlabelledFlows));
        Assert.Equal([$"{folder.Labels}:3: no such flow in a.pcap", $"{folder.Labels}:4: b.pcap was not read"],
            built.Report.Examples);
        Assert.Equal([("dns", 1)], built.Report.Classes);
        Assert.StartsWith("1 labelled flows of 1 classes in 1 captures (2 packets)\n  3 label rows: 1 matched\n",
            built.Report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_RowOfACaptureThatIsBroken_SaysWhatIsWrongWithIt()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53));
        File.WriteAllBytes(Path.Combine(folder.Path, "b.pcap"), []);
        var built =
            folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,\nb.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,");

        Assert.StartsWith($"{folder.Labels}:3: b.pcap was not read ({folder.Path}/b.pcap: empty, no capture in it",
            Assert.Single(built.Report.Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_RowsWithoutCapture_FindTheirFlowByTime()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53));
        folder.Capture("b.pcap", (5000, 1, 1000, 2, 53));
        var built = folder.Build("10.0.0.1,1000,10.0.0.2,53,udp,late,1700005000",
            "src,sport,dst,dport,proto,label,first_ts");

        Assert.Equal("b.pcap", built.Data.Captures[Assert.Single(built.Data.Flows).Capture].Path);
    }

    [Fact]
    public void Build_RowWithoutCaptureThatFoundItsFlow_StaysMatchedWhereTheTupleComesAgain()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53));
        folder.Capture("b.pcap", (5000, 1, 1000, 2, 53));
        var built = folder.Build("10.0.0.1,1000,10.0.0.2,53,udp,early", "src,sport,dst,dport,proto,label");

        Assert.Equal((1, 0), (built.Report.MatchedRows, built.Report.RowsWithoutFlow));
        Assert.Equal("a.pcap", built.Data.Captures[Assert.Single(built.Data.Flows).Capture].Path);
    }

    [Fact]
    public void Build_PartOfTheDirectory_LabelsOfTheWholeStillMatch()
    {
        folder.Capture("x/a.pcap", (0, 1, 1000, 2, 53));
        folder.Capture("y/a.pcap", (0, 1, 1000, 2, 53));
        var built = folder.Build(
            "x/a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,one,\ny/a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,two,",
            below: "y");

        Assert.Equal(["two"], built.Data.Labels);
        Assert.Equal(1, built.Report.RowsElsewhere);
    }

    [Fact]
    public void Build_DirectoryPerClass_EveryFlowIsLabelled()
    {
        folder.Capture("web/1/a.pcap", (0, 1, 1000, 2, 53), (100, 1, 1000, 2, 53));
        folder.Capture("dns/a.pcap", (0, 1, 1000, 2, 53));
        var built = folder.BuildFrom(labels: null);

        Assert.Equal([("dns", 1), ("web", 2)], built.Report.Classes);
        Assert.Equal(["dns", "web"], built.Data.Labels);
    }

    [Fact]
    public void Build_SameInput_SameHashOtherLabelsAnother()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53));
        var first = folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,one,").Data.Sha256;

        Assert.Equal(64, first.Length);
        Assert.Equal(first, folder.Build("a.pcap,10.0.0.2,53,10.0.0.1,1000,udp,one,").Data.Sha256);
        Assert.NotEqual(first, folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,two,").Data.Sha256);
    }

    [Fact]
    public void Build_LabelsThatMatchNothing_SaysSo()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53));

        Fails(
            $"{folder.Labels}: none of its 1 rows matches one of the 1 flows in {folder.Path}/ (first row in question: "
            + "line 2); check the pcap column and the five-tuples", () =>
            folder.Build("a.pcap,10.0.0.9,1,10.0.0.2,53,udp,dns,"));
        Fails(
            $"{folder.Labels}: none of its 1 rows matches one of the 1 flows in {folder.Path}/ (all name captures that "
            + "were not read, line 2: 'c.pcap'); check the pcap column and the five-tuples",
            () => folder.Build("c.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,"));
    }

    [Fact]
    public void Build_OneClassOnly_SaysSo()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53));

        Fails($"{folder.Labels}: only one class, 'dns', among 1 labelled flows; give flows of at least 2 classes",
            () => folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,", minClasses: 2));
    }

    /// <summary>A copy on the other side of a split would be a leak, and is no second capture in any bound.</summary>
    [Fact]
    public void Build_CapturesOfTheSameBytes_AreDividedTogether()
    {
        foreach (var name in (string[])["a.pcap", "b.pcap", "copy.pcap"])
        {
            folder.Capture(name, (0, 1, (ushort)(name == "b.pcap" ? 2000 : 1000), 2, 53));
        }

        var built = folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,\n"
            + "b.pcap,10.0.0.1,2000,10.0.0.2,53,udp,web,\ncopy.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,");

        Assert.Equal([0, 1, 0], FlowSample.All(built.Data).Groups);
        Assert.Equal([0, 1, 2], FlowSample.All(built.Data).Captures);
        Assert.Contains("\n  1 capture with the bytes of another, counted as one with it and never divided from "
            + "it, such as copy.pcap and a.pcap", built.Report.ToString());
    }

    [Fact]
    public void Build_CapturesWithoutFlow_SaysSo()
    {
        folder.Capture("a.pcap");

        Fails($"{folder.Path}/: no flow in 1 captures with 0 packets; give captures that hold IP packets",
            () => folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,"));
    }

    [Fact]
    public void Build_CaptureBesideClassDirectories_SaysSo()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53));

        Fails($"{folder.Path}/a.pcap: lies in no class directory of '{folder.Path}/'; without a labels file each class "
            + "needs a directory of its own: move the capture into one, or give a labels file",
            () => folder.BuildFrom(labels: null));
    }

    [Fact]
    public void Build_ClassDirectoryWithControlCharacters_IsRefused()
    {
        folder.Capture("web\u001b[2J/a.pcap", (0, 1, 1000, 2, 53));

        var message = Assert.Throws<InputException>(() => folder.BuildFrom(labels: null)).Message;
        Assert.EndsWith(": label 'web\\x1b[2J' has control characters; rename the directory", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Build_EmptyDirectory_SaysSo() =>
        Assert.StartsWith($"{folder.Path}/: no capture in this directory",
            Assert.Throws<InputException>(() => folder.BuildFrom(labels: null)).Message, StringComparison.Ordinal);

    [Fact]
    public void Build_StandardInput_IsRefused() =>
        Fails("labelled captures are read twice and cannot come through standard input; give a file or a directory",
            () => DataSetBuilder.Build(new() { Path = "-", Schema = Features.FeatureSchema.Parse("paper") }, null,
                TestContext.Current.CancellationToken));

    static void Fails(string message, Func<LabelledData> build) =>
        Assert.Equal(message.Replace("//", "/", StringComparison.Ordinal),
            Assert.Throws<InputException>(build).Message.Replace("//", "/", StringComparison.Ordinal));
}
