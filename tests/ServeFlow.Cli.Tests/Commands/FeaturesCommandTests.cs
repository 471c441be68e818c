using System.CommandLine;
using System.Text.Json;
using ServeFlow.Cli.Commands.Features;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>The <c>features</c> verb from its command line to its file.</summary>
public sealed class FeaturesCommandTests : IDisposable
{
    /// <summary>The linktype registry's RAW: packets begin with the IP header.</summary>
    const int Raw = 101;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-features").FullName;

    public FeaturesCommandTests() => File.WriteAllBytes(At("two.pcap"), Capture(
        Udp(1, 5000, 2, 53, 28), Udp(2, 53, 1, 5000, 60), Udp(3, 6000, 4, 443, 100), Udp(1, 5000, 2, 53, 28)));

    [Fact]
    public void Csv_TwoFlows_ARowEachWithDirectionsSizesAndTimes()
    {
        Assert.Equal(CommandRunner.Succeeded,
            Run("--features", "nprint:udp+dir+size+iat", "--mask", "ports,udp_len,udp_cksum",
            "--packets", "2"));

        Assert.Equal(
        [
            "pcap,src,sport,dst,dport,proto,first_ts,p1_dir,p1_size,p1_iat_us,p2_dir,p2_size,p2_iat_us",
            "two.pcap,10.0.0.1,5000,10.0.0.2,53,udp,1700000000.000000000,0,28,0,1,60,1000000",
            "two.pcap,10.0.0.3,6000,10.0.0.4,443,udp,1700000002.000000000,0,100,0,-1,-1,-1",
        ], File.ReadAllLines(At("out")));
    }

    [Fact]
    public void Csv_Aggregates_AreOverThePacketsThatThereAre()
    {
        Assert.Equal(CommandRunner.Succeeded,
            Run("--features", "nprint:udp+agg", "--mask", "ports,udp_len,udp_cksum", "--packets", "2"));

        var rows = File.ReadAllLines(At("out")).Select(line => line.Split(',')).ToArray();
        Assert.Equal(["1", "28", "88", "28", "-1", "28", "60", "28"],
        [
            .. Values(1, "p1_agg_packets_forward", "p1_agg_bytes_forward"),
            $"{int.Parse(Value(1, "p2_agg_bytes_forward")) + int.Parse(Value(1, "p2_agg_bytes_backward"))}",
            .. Values(1, "p2_agg_size_max_forward", "p1_agg_iat_mean_us", "p1_agg_size_min_forward",
                "p2_agg_bytes_per_s_backward", "p2_agg_bytes_per_s_forward"),
        ]);
        Assert.Equal(["100", "100", "-1"],
            Values(2, "p1_agg_bytes_forward", "p2_agg_bytes_forward", "p2_agg_packets_per_s"));

        string Value(int row, string column) => rows[row][Array.IndexOf(rows[0], column)];

        IEnumerable<string> Values(int row, params string[] columns) => columns.Select(column => Value(row, column));
    }

    [Fact]
    public void Csv_Windows_ARowEachWithItsNumberAndTimesFromItsOwnFirstPacket()
    {
        File.WriteAllText(At("labels.csv"),
            "pcap,src,sport,dst,dport,proto,label\ntwo.pcap,10.0.0.2,53,10.0.0.1,5000,17,dns\n");

        Assert.Equal(CommandRunner.Succeeded,
            Run("--features", "nprint:udp+dir+size+iat", "--mask", "ports,udp_len,udp_cksum",
            "--packets", "2", "--window", "2s", "--labels", At("labels.csv")));

        Assert.Equal(
        [
            "pcap,src,sport,dst,dport,proto,first_ts,window,label,p1_dir,p1_size,p1_iat_us,p2_dir,p2_size,p2_iat_us",
            "two.pcap,10.0.0.1,5000,10.0.0.2,53,udp,1700000000.000000000,0,dns,0,28,0,1,60,1000000",
            "two.pcap,10.0.0.1,5000,10.0.0.2,53,udp,1700000003.000000000,1,dns,0,28,0,-1,-1,-1",
        ], File.ReadAllLines(At("out")));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("nprint")]
    public void Run_FolderWithBadFiles_CountsThemInTheJson(string format)
    {
        Directory.CreateDirectory(At("captures"));
        File.Move(At("two.pcap"), At("captures/two.pcap"));
        File.WriteAllText(At("captures/labels.csv"), "pcap,label");
        File.WriteAllText(At("captures/text.pcap"), "not a capture");
        File.WriteAllBytes(At("captures/garbage.pcap"),
            new CaptureBuilder().Garbage([.. Enumerable.Repeat((byte)0xee, 99)]).ToArray());
        File.CreateSymbolicLink(At("captures/link.pcap"), "nowhere");
        var (before, output) = (Console.Out, new StringWriter());
        Console.SetOut(output);
        try
        {
            Assert.Equal(CommandRunner.Succeeded, CommandRunner.Run(new RootCommand { FeaturesCommand.Create() },
                ["features", "-r", At("captures"), "-w", At("out"), "--format", format, "--json"]));
        }
        finally
        {
            Console.SetOut(before);
        }

        var json = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal((2, 1), (json.GetProperty("captures").GetInt32(), json.GetProperty("unreadable").GetInt32()));
        Assert.Equal("""{"count":3,"reasons":{"other_file":1,"not_a_capture":1,"broken_link":1}}""",
            json.GetProperty("skipped").GetRawText());
    }

    [Fact]
    public void Csv_WaitLimit_LaterPacketsAreAbsent()
    {
        Assert.Equal(CommandRunner.Succeeded, Run("--features", "nprint:udp+dir", "--mask", "ports,udp_len,udp_cksum",
            "--packets", "3", "--wait-limit", "2.5"));

        Assert.EndsWith(",0,1,-1", File.ReadAllLines(At("out"))[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0s")]
    [InlineData("fast")]
    public void Window_NoLength_IsAUsageError(string window) =>
        Assert.Equal(CommandRunner.Usage, Run("--features", "nprint:udp", "--window", window));

    [Fact]
    public void Csv_Labels_OnlyLabelledFlowsEitherDirection()
    {
        File.WriteAllText(At("labels.csv"),
            "pcap,src,sport,dst,dport,proto,label\ntwo.pcap,10.0.0.2,53,10.0.0.1,5000,17,dns\n");

        Assert.Equal(CommandRunner.Succeeded, Run("--features", "nprint:udp+dir", "--mask", "ports,udp_len,udp_cksum",
            "--packets", "4", "--labels", At("labels.csv")));

        Assert.Equal(
        [
            "pcap,src,sport,dst,dport,proto,first_ts,label,p1_dir,p2_dir,p3_dir,p4_dir",
            "two.pcap,10.0.0.1,5000,10.0.0.2,53,udp,1700000000.000000000,dns,0,1,0,-1",
        ], File.ReadAllLines(At("out")));
    }

    [Fact]
    public void NPrint_Default_MasksNothingAndHasARowPerPacket()
    {
        Assert.Equal(CommandRunner.Succeeded, Run("--format", "nprint", "--features", "nprint:udp+dir"));

        var lines = File.ReadAllLines(At("out"));
        Assert.Equal(5, lines.Length);
        Assert.Equal(1 + 64, lines[0].Split(',').Length);
        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.1"], lines[1..].Select(line => line.Split(',')[0]));
    }

    [Fact]
    public void Labels_MatchNothing_FailsAndWritesNothing()
    {
        File.WriteAllText(At("labels.csv"), "src,sport,dst,dport,proto,label\n10.9.9.9,1,10.0.0.1,5000,udp,dns\n");

        Assert.Equal(CommandRunner.Failed, Run("--labels", At("labels.csv")));
        AssertNothingWritten("labels.csv", "two.pcap");
    }

    [Fact]
    public void Capture_WithoutAFlow_FailsAndWritesNothing()
    {
        File.WriteAllBytes(At("two.pcap"), Capture());

        Assert.Equal(CommandRunner.Failed, Run("--format", "npz"));
        AssertNothingWritten("two.pcap");
    }

    [Theory]
    [InlineData("--packets", "0")]
    [InlineData("--packets", "many")]
    [InlineData("--format", "xlsx")]
    [InlineData("--format", "nprint", "--labels", "x.csv")]
    [InlineData("--format", "nprint", "--wait-limit", "60")]
    [InlineData("--wait-limit", "0")]
    public void CommandLine_ContradictsItself_IsUsage(params string[] arguments)
    {
        Assert.Equal(CommandRunner.Usage, Run(arguments));
        AssertNothingWritten("two.pcap");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string At(string name) => Path.Combine(folder, name);

    int Run(params string[] arguments) => CommandRunner.Run(new RootCommand { FeaturesCommand.Create() },
        ["features", "-r", At("two.pcap"), "-w", At("out"), .. arguments]);

    void AssertNothingWritten(params string[] but) =>
        Assert.Equal(but, Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());

    /// <summary>A pcap of packets one second apart.</summary>
    static byte[] Capture(params byte[][] packets)
    {
        var file = new CaptureBuilder(Raw);
        foreach (var (second, packet) in packets.Index())
        {
            file.Add((1_700_000_000L + second) * 1_000_000_000, packet);
        }

        return file.ToArray();
    }

    /// <summary>A packet from one host of 10.0.0.0/24 to another.</summary>
    /// <param name="length">Its length in bytes, headers included.</param>
    static byte[] Udp(byte source, ushort sourcePort, byte destination, ushort destinationPort, ushort length) =>
        Frame.Ipv4($"10.0.0.{source}", $"10.0.0.{destination}", 17,
            Frame.Udp(sourcePort, destinationPort, new byte[length - 28]));
}
