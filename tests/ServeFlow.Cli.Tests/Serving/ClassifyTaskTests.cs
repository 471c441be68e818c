using System.CommandLine;
using System.Text.Json;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Terminal;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary><c>classify --model TASK=BUNDLE</c> for several tasks over the same flows.</summary>
public sealed class ClassifyTaskTests : IDisposable
{
    /// <summary>The linktype registry's RAW: packets begin with the IP header.</summary>
    const int Raw = 101;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-tasks").FullName;

    public ClassifyTaskTests()
    {
        SmallBundle.Write(At("bundle"));
        var manifest = SmallBundle.NewManifest();
        BundleWriter.Write(At("second"), manifest with
        {
            Labels = ["alice", "bob"],
            Tiers = [manifest.Tiers[0] with { Packets = 2 }, manifest.Tiers[1]],
        }, SmallBundle.Models);
        var file = new CaptureBuilder(Raw);
        for (var i = 0; i < 6; i++)
        {
            file.Add(1_700_000_000_000_000_000 + i,
                Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000 + (i % 3), 53, [])));
        }

        File.WriteAllBytes(At("three.pcap"), file.ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Run_TwoTasks_EachPredictionNamesItsTaskAndEachFlowHasBothAnswers()
    {
        Assert.Equal(CommandRunner.Succeeded, Run(Two()));

        var lines = File.ReadAllLines(At("out")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["device camera 1", "device plug 1", "device camera 1", "user alice 2", "user bob 2",
            "user alice 2"], lines.Take(6).Select(line => line.GetProperty("serveflow")).Select(answer =>
            $"{answer.GetProperty("task")} {answer.GetProperty("label")} {answer.GetProperty("packets_used")}"));
        Assert.Equal(["camera alice", "plug bob", "camera alice"], lines.Skip(6)
            .OrderBy(line => line.GetProperty("src_port").GetInt32())
            .Select(line => line.GetProperty("serveflow").GetProperty("tasks")).Select(tasks =>
            $"{tasks.GetProperty("device").GetProperty("label")} {tasks.GetProperty("user").GetProperty("label")}"));
    }

    [Fact]
    public void Run_OneTask_GivesTheRecordsOfTheBundleAlone()
    {
        Assert.Equal(CommandRunner.Succeeded, Run("--model", $"device={At("bundle")}"));
        var named = File.ReadAllText(At("out"));
        Assert.Equal(CommandRunner.Succeeded, Run(At("bundle")));

        Assert.Equal(File.ReadAllText(At("out")), named);
    }

    [Fact]
    public void Run_Parquet_IsWritten()
    {
        Assert.Equal(CommandRunner.Succeeded, Run([.. Two(), "--format", "parquet"]));
        Assert.Equal("PAR1"u8.ToArray(), File.ReadAllBytes(At("out"))[..4]);
    }

    [Fact]
    public void Run_Json_CountsTheDecisionsOfEachTask()
    {
        var (code, printed, said) = RunProgram([.. Two(), "--json"]);

        Assert.Equal(CommandRunner.Succeeded, code);
        var document = JsonDocument.Parse(printed).RootElement;
        var decisions = document.GetProperty("decisions");
        Assert.Equal((3, 6), (document.GetProperty("flows").GetInt32(), decisions.GetProperty("total").GetInt32()));
        Assert.Equal(["device fast 3", "device slow 0", "user fast 3", "user slow 0"],
            decisions.GetProperty("tiers").EnumerateArray().Select(tier =>
                $"{tier.GetProperty("task")} {tier.GetProperty("name")} {tier.GetProperty("decisions")}"));
        Assert.Contains("user: 3 decisions: fast 3, slow 0", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no bundle to answer with")]
    [InlineData("leave BUNDLE out", "BUNDLE", "--model", "a=BUNDLE")]
    [InlineData("'device': give TASK=BUNDLE", "--model", "device")]
    [InlineData("'device=': give TASK=BUNDLE", "--model", "device=")]
    [InlineData("the task a is given 2 times", "--model", "a=BUNDLE", "--model", "a=BUNDLE")]
    [InlineData("the task a is given 2 times", "--model", "a=BUNDLE", "--model", "A=BUNDLE")]
    [InlineData("is no name of a task", "--model", "a\n=BUNDLE", "--model", "c=BUNDLE")]
    [InlineData("'a b' is no name of a task", "--model", "a b=BUNDLE", "--model", "c=BUNDLE")]
    [InlineData("has one application_name", "--model", "a=BUNDLE", "--model", "b=BUNDLE", "--format", "csv",
        "--csv-names", "nfstream")]
    [InlineData("is computed elsewhere, and 2 tasks answer", "--model", "a=BUNDLE", "--model", "b=BUNDLE",
        "--remote-tier", "slow=http://127.0.0.1:9/v2/models/m")]
    public void Run_WrongTasks_SaysWhatToGive(string expected, params string[] words)
    {
        var (code, _, said) = RunProgram([.. words.Select(word =>
            word.Replace("BUNDLE", At("bundle"), StringComparison.Ordinal))]);

        Assert.NotEqual(CommandRunner.Succeeded, code);
        Assert.Contains(expected, said, StringComparison.Ordinal);
    }

    string[] Two() => ["--model", $"device={At("bundle")}", "--model", $"user={At("second")}"];

    string At(string name) => Path.Combine(folder, name);

    int Run(params string[] words) => CommandRunner.Run(new RootCommand { ClassifyCommand.Create() },
        ["classify", .. words, "-r", At("three.pcap"), "-w", At("out")]);

    (int Code, string Written, string Said) RunProgram(string[] words) => ProgramProcess.Run(folder,
        $"exec $serveflow classify {string.Join(' ', words.Select(word => $"'{word}'"))} -r three.pcap -w out");
}
