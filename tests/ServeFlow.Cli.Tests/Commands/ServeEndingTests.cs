using System.Diagnostics;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>Ends of <c>serve</c> as an operator sees them: by signals, with readers that are stuck or gone.</summary>
public sealed class ServeEndingTests : IDisposable
{
    const int Flows = 20_000;
    const long Second = 1_000_000_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-ending-").FullName;

    public ServeEndingTests()
    {
        SmallBundle.Write(At("bundle"));
        File.WriteAllBytes(At("flows.pcap"), OpenFlows());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Sigterm_MoreOpenFlowsThanTheQueueHolds_WritesEveryRecord()
    {
        using var serve = Serve("--eve eve.json --queue 16384 --json");
        ProgramProcess.Until(() => Lines("eve.json") >= Flows); // a prediction each

        serve.Signal("TERM");
        var (code, written, said) = serve.Wait();

        Assert.Equal((CommandRunner.Succeeded, 2 * Flows), (code, Lines("eve.json")));
        Assert.Contains("\"lost_flows\":0", written, StringComparison.Ordinal);
        Assert.Contains("none lost", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Sigterm_ReaderOfAPipeIsStuck_EndsInTimeAndTheOtherOutputIsWhole()
    {
        ProgramProcess.Run(folder, "mkfifo pipe");
        using var reader = new FileStream(At("pipe"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
        using var serve = Serve("--eve eve.json --csv pipe --queue 16384 --stop-timeout 4");
        ProgramProcess.Until(() => Lines("eve.json") >= Flows);
        var start = Stopwatch.GetTimestamp();

        serve.Signal("TERM");
        var (code, _, said) = serve.Wait();
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 5);
        Assert.Equal((CommandRunner.Failed, 2 * Flows), (code, Lines("eve.json")));
        Assert.Contains("csv: ", said, StringComparison.Ordinal);
        Assert.Contains("records were not written", said, StringComparison.Ordinal);
        Assert.DoesNotContain(File.ReadLines(At("eve.json")),
            line => line.Contains("overload", StringComparison.Ordinal));
    }

    [Fact]
    public void Sigint_BackgroundJobOfAScript_IsHeeded()
    {
        var (code, _, said) = ProgramProcess.Run(folder, $"$serveflow {Arguments("--eve eve.json")} & job=$!; "
            + "until [ -s eve.json ]; do sleep 0.05; done; kill -INT $job; wait $job");

        Assert.Equal(CommandRunner.Interrupted, code);
        Assert.Contains("packets captured", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Terminal_IsGone_TheSensorGoesOnAndEndsInOrder()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "no program that makes a terminal");
        File.WriteAllText(At("job"), $"trap '' HUP; $serveflow {Arguments("--eve eve.json --stats-json stats")} "
            + "--stats-interval 0.2 & echo $! > id; wait $!; echo $? > code");
        using var terminal = ProgramProcess.Start(folder, "exec script -qc '. ./job' /dev/null");
        ProgramProcess.Until(() => Lines("stats") >= 2);

        terminal.Signal("KILL");
        var before = Lines("stats");
        ProgramProcess.Until(() => Lines("stats") >= before + 3); // each line stands on the terminal too
        ProgramProcess.Run(folder, "kill -TERM $(cat id)");
        ProgramProcess.Until(() => Lines("code") == 1);

        Assert.Equal($"{CommandRunner.Succeeded}\n", File.ReadAllText(At("code")));
    }

    [Fact]
    public void TwoWritersOfOneFile_TheSecondIsRefused()
    {
        using var first = Serve("--eve eve.json --stats-json stats");
        ProgramProcess.Until(() => Lines("eve.json") >= Flows);
        var (code, _, said) = ProgramProcess.Run(folder, $"$serveflow {Arguments("--eve eve.json")}");
        var (other, _, _) = ProgramProcess.Run(folder, $"$serveflow {Arguments("--csv csv --stats-json stats")}");

        Assert.Equal((CommandRunner.Failed, CommandRunner.Failed), (code, other));
        Assert.Contains("eve.json: another process is writing to it", said, StringComparison.Ordinal);
        first.Signal("TERM");
        Assert.Equal(CommandRunner.Succeeded, first.Wait().Code);
        Assert.Equal(2 * Flows, Lines("eve.json"));
    }

    [Fact]
    public void Sighup_StatisticsFileWasMoved_GoesOnInANewOne()
    {
        using var serve = Serve("--eve eve.json --stats-json stats --stats-interval 0.1");
        ProgramProcess.Until(() => Lines("stats") > 0);
        File.Move(At("stats"), At("stats.1"));

        serve.Signal("HUP");
        ProgramProcess.Until(() => Lines("stats") > 1);
        serve.Signal("TERM");
        Assert.Equal(CommandRunner.Succeeded, serve.Wait().Code);
    }

    [Fact]
    public void NamedPipe_ReaderComesLate_GetsWholeLines()
    {
        ProgramProcess.Run(folder, "mkfifo pipe");
        using var serve = Serve("--csv pipe --eve eve.json");
        ProgramProcess.Until(() => Lines("eve.json") >= Flows); // nobody reads the pipe, and nothing waits for it

        using var reader = ProgramProcess.Start(folder, "exec cat pipe > csv");
        ProgramProcess.Until(() => Lines("csv") > 0);
        serve.Signal("TERM");
        var (code, _, said) = serve.Wait();
        reader.Wait();

        Assert.Equal((CommandRunner.Succeeded, Flows + 1), (code, Lines("csv")));
        Assert.DoesNotContain("not written", said, StringComparison.Ordinal);
    }

    static string Arguments(string options) => $"serve bundle -r flows.pcap {options}";

    ProgramProcess Serve(string options) => ProgramProcess.Start(folder, $"exec $serveflow {Arguments(options)}");

    string At(string name) => Path.Combine(folder, name);

    int Lines(string name) => File.Exists(At(name)) ? File.ReadLines(At(name)).Count() : 0;

    /// <summary>Flows of one packet within two seconds, and one packet so late that all are open until it comes.
    /// </summary>
    static byte[] OpenFlows()
    {
        var capture = new CaptureBuilder();
        for (var i = 0; i <= Flows; i++)
        {
            var udp = Frame.Udp(1 + (i % 60_000), 53, []);
            var time = (100 * Second) + (i < Flows ? i * 2 * Second / Flows : 50 * Second);
            capture.Add(time, Frame.Ethernet(Frame.Ip4, Frame.Ipv4($"10.0.{i / 60_000}.1", "10.1.0.1", 17, udp)));
        }

        return capture.ToArray();
    }
}
