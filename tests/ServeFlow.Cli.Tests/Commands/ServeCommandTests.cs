using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using ServeFlow.Cli.Commands.Evaluation;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>
/// The <c>serve</c> verb over captures, in this process and as a process of its own that is signalled.
/// </summary>
public sealed class ServeCommandTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-serve").FullName;

    public ServeCommandTests()
    {
        SmallBundle.Write(At("bundle"));
        Assert.Equal(CommandRunner.Succeeded,
            Run("synth", "--out", At("set"), "--flows", "300", "--classes", "2", "--captures", "2"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("1", "max")]
    [InlineData("2", "max")]
    [InlineData("2", "10000")]
    public void Replay_ToEve_GivesTheRecordsOfClassify(string workers, string speed)
    {
        Assert.Equal(CommandRunner.Succeeded,
            Run("classify", At("bundle"), "-r", At("set"), "--join", "-w", At("classified")));

        Assert.Equal(CommandRunner.Succeeded,
            Serve("--speed", speed, "--workers", workers, "--eve", At("served"), "--queue", "65536"));
        Assert.Equal(Sorted("classified"), Sorted("served"));
    }

    [Fact]
    public void Replay_ToEverythingAtOnce_WritesEveryFlowEverywhere()
    {
        Assert.Equal(CommandRunner.Succeeded, Serve("--speed", "max", "-w", At("eve"), "--csv", At("csv"),
            "--zeek", At("zeek"), "--parquet", At("parquet/"), "--stats-json", At("stats"), "--stats-interval",
            "0.001"));

        var flows = File.ReadLines(At("eve")).Count() / 2;
        Assert.Equal(flows, File.ReadLines(At("csv")).Count() - 1);
        Assert.Equal(flows, File.ReadLines(At("zeek")).Count(line => line[0] != '#'));
        Assert.All(Directory.GetFiles(At("parquet")),
            file => Assert.Equal("PAR1"u8.ToArray(), File.ReadAllBytes(file)[^4..]));
        Assert.NotEmpty(Directory.GetFiles(At("parquet"), "*.parquet"));
        Assert.All(File.ReadLines(At("stats")), line => Assert.NotNull(JsonDocument.Parse(line)));
        var last = JsonDocument.Parse(File.ReadLines(At("stats")).Last()).RootElement;
        Assert.Equal((flows, 0), (last.GetProperty("flows").GetInt32(), last.GetProperty("active").GetInt32()));
        Assert.Equal([(2 * flows, 0), (flows, 0), (flows, 0), (flows, 0)], last.GetProperty("sinks").EnumerateArray()
            .Select(sink => (sink.GetProperty("written").GetInt32(), sink.GetProperty("waiting").GetInt32())));
    }

    [Fact]
    public void Replay_PacketLimit_StopsThere()
    {
        Assert.Equal(CommandRunner.Succeeded, Serve("--speed", "max", "--count", "10", "--csv", At("csv")));
        Assert.InRange(File.ReadLines(At("csv")).Count(), 2, 11);
    }

    [Fact]
    public void Replay_Filter_TakesWhatItLetsPass()
    {
        Assert.SkipUnless(File.Exists("/usr/lib/x86_64-linux-gnu/libpcap.so.0.8"), "no libpcap here");

        Assert.Equal(CommandRunner.Succeeded, Serve("tcp", "--speed", "max", "--eve", At("eve")));
        Assert.All(File.ReadLines(At("eve")),
            line => Assert.Contains("\"proto\":\"TCP\"", line, StringComparison.Ordinal));
        Assert.Equal(CommandRunner.Failed, Serve("no such filter", "--speed", "max", "--eve", At("none")));
    }

    [Theory]
    [InlineData("--speed", "0")]
    [InlineData("--speed", "fast")]
    [InlineData("-i", "lo")]
    [InlineData("--count", "0")]
    [InlineData("--backend", "best")]
    [InlineData("--backend", "af_xdp")]
    [InlineData("--stats-interval", "-1")]
    public void BadOption_IsAUsageError(string option, string value) =>
        Assert.Equal(CommandRunner.Usage, Serve(option, value));

    [Fact]
    public void NoInput_IsAUsageError() => Assert.Equal(CommandRunner.Usage, Run("serve", At("bundle")));

    [Theory]
    [InlineData("--eve", "-", "--csv", "-")]
    [InlineData("--eve", "same", "--csv", "same")]
    [InlineData("--json", "--eve", "-")]
    [InlineData("--parquet", "-")]
    [InlineData("--eve", "/no/such/directory/eve.json")]
    [InlineData("--stats-json", "/no/such/directory/stats")]
    [InlineData("--dump-flows", "label=none")]
    public void OutputsWithoutSense_Fail(params string[] options) =>
        Assert.Equal(CommandRunner.Failed, Serve(["--speed", "max", .. options]));

    [Fact]
    public void InterfaceThatDoesNotExist_Fails() =>
        Assert.Equal(CommandRunner.Failed, Run("serve", At("bundle"), "-i", "nonesuch0", "--eve", At("eve")));

    [Fact]
    public void Sigint_EndsEveryFlowAndPrintsTcpdumpsLines()
    {
        var (code, records, said) = Interrupt("INT");

        Assert.Equal(CommandRunner.Interrupted, code);
        AssertWhole(records);
        var lines = said.Split('\n').Select(line => line.TrimEnd()).ToList();
        Assert.Contains(lines, line => line.EndsWith(" packets captured", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith(" packets received by filter", StringComparison.Ordinal));
        Assert.Contains("0 packets dropped by kernel", lines);
    }

    [Fact]
    public void Sigterm_EndsInOrder()
    {
        var (code, records, _) = Interrupt("TERM");

        Assert.Equal(CommandRunner.Succeeded, code);
        AssertWhole(records);
    }

    /// <summary>Every flow has both its events, each a line that parses.</summary>
    static void AssertWhole(string records)
    {
        Assert.EndsWith("\n", records, StringComparison.Ordinal);
        var events = records.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)
            .ToLookup(record => record.GetProperty("flow_id").GetInt64(),
                record => record.GetProperty("event_type").GetString());
        Assert.All(events, flow => Assert.Equal(["flow", "prediction"], flow.Order(StringComparer.Ordinal)));
    }

    /// <summary>Starts a slow replay, waits for its first record, sends a signal, and reads to the end.</summary>
    (int Code, string Records, string Said) Interrupt(string signal)
    {
        Assert.SkipUnless(File.Exists(Repository.Program) && File.Exists("/bin/kill"),
            "no program to start, or no way to signal it");
        using var process = Process.Start(new ProcessStartInfo(Repository.Program,
            ["serve", At("bundle"), "-r", At("set"), "--speed", "0.05"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var first = process.StandardOutput.ReadLine();
        using var kill = Process.Start("/bin/kill", [$"-{signal}", $"{process.Id}"]);
        var records = $"{first}\n{process.StandardOutput.ReadToEnd()}";
        process.WaitForExit();
        return (process.ExitCode, records, said.GetAwaiter().GetResult());
    }

    string At(string name) => Path.Combine(folder, name);

    IEnumerable<string> Sorted(string name) => File.ReadLines(At(name)).Order(StringComparer.Ordinal);

    /// <summary>In the test's folder, where outputs are named without one.</summary>
    int Serve(params string[] options) => Run(["serve", At("bundle"), "-r", At("set"),
        .. options.Select(option => option == "same" ? At(option) : option)]);

    static int Run(params string[] arguments) => CommandRunner.Run(
        new RootCommand { ServeCommand.Create(), ClassifyCommand.Create(), SynthCommand.Create() }, arguments);
}
