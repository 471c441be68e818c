using System.CommandLine;
using System.Text.Json.Nodes;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Commands.Features;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Terminal;
using ServeFlow.Flows;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>Options say when flows end and what becomes of duplicates, from the command line to records.</summary>
public sealed class FlowArgumentsTests : IDisposable
{
    const string Server = "10.0.0.2";

    static readonly string Duplicated =
        Path.Combine(Repository.Root, "tests", "ServeFlow.Cli.Tests", "Commands", "golden", "dup.pcap");

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-flows").FullName;

    public FlowArgumentsTests()
    {
        SmallBundle.Write(At("bundle"));
        File.WriteAllBytes(At("pauses.pcap"), new CaptureBuilder()
            .Add(0, Datagram(5000)).Add(20_000_000_000, Datagram(5000)).Add(40_000_000_000, Datagram(5001)).ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Every packet stands twice: seven are copies.</summary>
    [Theory]
    [InlineData(14)]
    [InlineData(7, "--dedup")]
    [InlineData(14, "--dedup", "false")]
    public void Run_CaptureWithCopies_CountsOrDropsThem(int packets, params string[] options)
    {
        var flow = Assert.Single(Classify(Duplicated, options))["flow"]!;

        Assert.Equal(packets, (int)flow["pkts_toserver"]! + (int)flow["pkts_toclient"]!);
    }

    [Fact]
    public void Run_MatrixOfACaptureWithCopies_HasEachPacketOnce()
    {
        Assert.Equal(CommandRunner.Succeeded, Run(FeaturesCommand.Create(), "features", "-r", Duplicated, "-w",
            At("matrix"), "--packets", "8", "--features", "nprint:udp+dir", "--mask",
            "udp_sport,udp_dport,udp_len,udp_cksum", "--dedup"));
        Assert.Equal("0 1 0 0 1 0 -1 -1", string.Join(' ', File.ReadAllLines(At("matrix"))[1].Split(',')[^8..]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3, "--udp-idle-timeout", "10")]
    [InlineData(2, "--tcp-idle-timeout", "10")]
    [InlineData(3, "--active-timeout", "15")]
    public void Run_Timeouts_EndFlows(int flows, params string[] options) =>
        Assert.Equal(flows, Classify(At("pauses.pcap"), options).Count);

    [Fact]
    public void Run_MaxFlows_EndsTheOldest() => Assert.Equal("lack_of_resources",
        (string)Classify(At("pauses.pcap"), "--max-flows", "1")[0]["flow"]!["reason"]!);

    /// <summary>A bundle ends flows as its training did, unless it is told otherwise.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(2, "--udp-idle-timeout", "60")]
    public void Run_BundleWithItsOwnTimeouts_FollowsThem(int flows, params string[] options)
    {
        Directory.Delete(At("bundle"), recursive: true);
        var rules = new FlowOptions { UdpIdleTimeout = TimeSpan.FromSeconds(10) };
        BundleWriter.Write(At("bundle"), SmallBundle.NewManifest() with { Flows = BundleFlows.From(rules) },
            SmallBundle.Models);

        Assert.Equal(flows, Classify(At("pauses.pcap"), options).Count);
    }

    [Theory]
    [InlineData("--udp-idle-timeout", "0")]
    [InlineData("--active-timeout", "soon")]
    [InlineData("--max-flows", "0")]
    [InlineData("--memory", "2XB")]
    [InlineData("--memory", "-1")]
    public void Run_BadValue_IsAUsageError(string option, string value) => Assert.Equal(CommandRunner.Usage,
        Run(ClassifyCommand.Create(), "classify", At("bundle"), "-r", Duplicated, option, value));

    [Fact]
    public void Run_TooLittleMemory_IsRefused() => Assert.Equal(CommandRunner.Failed,
        Run(ClassifyCommand.Create(), "classify", At("bundle"), "-r", Duplicated, "--memory", "4kB", "-w", At("out")));

    [Theory]
    [InlineData("1048576", 1L << 20)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("1.5 MiB", 3L << 19)]
    [InlineData("3gb", 3_000_000_000)]
    [InlineData("64K", 64L << 10)]
    [InlineData("7B", 7)]
    public void Parse_Size_IsRead(string text, long bytes) => Assert.Equal(bytes, SizeOptions.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("0")]
    [InlineData("-1MiB")]
    [InlineData("1e3")]
    [InlineData("99999999999TiB")]
    public void Parse_NoSize_IsNull(string text) => Assert.Null(SizeOptions.Parse(text));

    /// <summary>Classifies a capture; returns the records of its flows.</summary>
    List<JsonNode> Classify(string capture, params string[] options)
    {
        Assert.Equal(CommandRunner.Succeeded, Run(ClassifyCommand.Create(),
            ["classify", At("bundle"), "-r", capture, "-w", At("records"), .. options]));
        return [.. File.ReadAllLines(At("records")).Select(line => JsonNode.Parse(line)!)
            .Where(record => (string)record["event_type"]! == "flow")];
    }

    string At(string name) => Path.Combine(folder, name);

    static byte[] Datagram(int port) =>
        Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.1", Server, 17, Frame.Udp(port, 53, new byte[9])));

    static int Run(Command command, params string[] arguments) =>
        CommandRunner.Run(new RootCommand { command }, arguments);
}
