using System.CommandLine;
using System.Text.Json;
using ServeFlow.Cli.Commands.Labels;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>The <c>flows</c> and <c>label</c> verbs from their command lines to their files.</summary>
public sealed class LabelCommandTests : IDisposable
{
    const long Second = 1_000_000_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-labels").FullName;

    public LabelCommandTests()
    {
        Directory.CreateDirectory(At("captures/iot"));
        File.WriteAllBytes(At("captures/iot/two.pcap"), new CaptureBuilder()
            .Add(1_700_000_000 * Second, Udp(5000, 53)).Add(1_700_000_001 * Second, Udp(5001, 443)).ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void FlowsThenLabel_Rules_FillTheFileInItsPlace()
    {
        Assert.Equal(CommandRunner.Succeeded, Flows());
        Assert.Equal(CommandRunner.Succeeded, Label("--rule", "port 53=dns"));
        Assert.Equal(["dns", ""], Labels("labels.csv"));

        Assert.Equal(CommandRunner.Succeeded, Label("--rule", "udp=other"));
        Assert.Equal(["dns", "other"], Labels("labels.csv"));

        Assert.Equal(CommandRunner.Succeeded, Label("--from-directories", "--force", "-w", At("more.csv")));
        Assert.Equal(["dns", "other"], Labels("labels.csv"));
        Assert.Equal(["iot", "iot"], Labels("more.csv"));
        Assert.Equal(["captures", "labels.csv", "more.csv"],
            Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Label_RuleThatMeetsNoFlow_SaysSoInWholeLines()
    {
        Flows();

        var (_, _, said) = ProgramProcess.Run(folder, "$serveflow label labels.csv --rule 'tcp=x'");

        Assert.Equal(["2 flows = 0 with a label + 2 without", "  0 by tcp=x"], said.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Flows_FileWithLabels_IsWrittenOverByForceAlone()
    {
        Flows();
        Label("--rule", "udp=x");

        Assert.Equal(CommandRunner.Failed, Flows());
        Assert.Equal(["x", "x"], Labels("labels.csv"));
        Assert.Equal(CommandRunner.Succeeded, Flows("--force"));
        Assert.Equal(["", ""], Labels("labels.csv"));
    }

    /// <summary>As a capture whose filter met nothing: there is no row to fill, and no file looks as if there were.
    /// </summary>
    [Fact]
    public void Flows_CaptureWithoutPackets_FailsAndWritesNothing()
    {
        File.WriteAllBytes(At("captures/iot/two.pcap"), new CaptureBuilder().ToArray());

        Assert.Equal(CommandRunner.Failed, Flows());
        Assert.False(File.Exists(At("labels.csv")));
    }

    [Fact]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public void Label_PrivateFile_StaysPrivate()
    {
        Flows();
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(At("labels.csv"), Private);

        Label("--rule", "udp=x");

        Assert.Equal(Private, File.GetUnixFileMode(At("labels.csv")));
    }

    [Fact]
    public void Label_OwnRecordsAsEve_AreJoined()
    {
        Flows();
        var rows = File.ReadAllLines(At("labels.csv"));
        File.WriteAllText(At("eve.json"), JsonSerializer.Serialize(new
        {
            event_type = "flow",
            community_id = rows[1].Split(',')[12],
            app_proto = "dns",
            flow = new { start = "2023-11-14T22:13:20.000000+0000" },
        }) + "\n");

        Assert.Equal(CommandRunner.Succeeded, Label("--from-eve", At("eve.json"), "--rule", "port 443=web"));
        Assert.Equal(["dns", "web"], Labels("labels.csv"));
    }

    [Fact]
    public void Label_DamagedSource_FailsAndLeavesTheFileAlone()
    {
        Flows();
        var before = File.ReadAllText(At("labels.csv"));
        File.WriteAllText(At("eve.json"), "{\"event_type\":");

        Assert.Equal(CommandRunner.Failed, Label("--from-eve", At("eve.json")));
        Assert.Equal(CommandRunner.Failed, Label("--rule", "port x=web"));
        Assert.Equal(CommandRunner.Failed, Label("--mac-table", At("absent.csv")));
        Assert.Equal(CommandRunner.Failed, Label("--from-eve", At("labels.csv"), "-w", At("labels.csv")));
        Assert.Equal(before, File.ReadAllText(At("labels.csv")));
    }

    [Fact]
    public void Flows_CopiesOfPackets_AreSaidAndLeftOutOnRequest()
    {
        File.WriteAllBytes(At("captures/iot/two.pcap"), new CaptureBuilder()
            .Add(1_700_000_000 * Second, Udp(5000, 53)).Add(1_700_000_000 * Second, Udp(5000, 53)).ToArray());

        Flows();
        Assert.Equal(["2"], Packets());

        Flows("--dedup");
        Assert.Equal(["1"], Packets());

        string[] Packets() => [.. File.ReadLines(At("labels.csv")).Skip(1).Select(line => line.Split(',')[8])];
    }

    [Fact]
    public void Flows_ShorterTimeout_MakesMoreRows()
    {
        File.WriteAllBytes(At("captures/iot/two.pcap"), new CaptureBuilder()
            .Add(1_700_000_000 * Second, Udp(5000, 53)).Add(1_700_000_010 * Second, Udp(5000, 53)).ToArray());

        Flows("--udp-idle-timeout", "5");

        Assert.Equal(["", ""], Labels("labels.csv"));
    }

    [Fact]
    public void CommandLine_ThatSaysTooLittle_IsUsage()
    {
        Flows();

        Assert.Equal(CommandRunner.Usage, Label());
        Assert.Equal(CommandRunner.Usage, Label("--from-eve", ""));
        Assert.Equal(CommandRunner.Usage, Run("flows", "-r", At("captures"), "--json"));
        Assert.Equal(CommandRunner.Usage, Label("--rule", "udp=x", "--json", "-w", "-"));
    }

    static byte[] Udp(ushort source, ushort destination) => Frame.Ethernet(Frame.Ip4,
        Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(source, destination, [])));

    int Flows(params string[] options) => Run(["flows", "-r", At("captures"), "-w", At("labels.csv"), .. options]);

    int Label(params string[] options) => Run(["label", At("labels.csv"), .. options]);

    static int Run(params string[] arguments) =>
        CommandRunner.Run(new RootCommand { FlowsCommand.Create(), LabelCommand.Create() }, arguments);

    string[] Labels(string name) => [.. File.ReadLines(At(name)).Skip(1).Select(line => line.Split(',')[^1])];

    string At(string name) => Path.Combine(folder, name);
}
