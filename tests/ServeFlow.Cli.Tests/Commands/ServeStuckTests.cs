using System.Diagnostics;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>A sensor whose reader of messages, or whose source, is stuck.</summary>
public sealed class ServeStuckTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-stuck-").FullName;

    public ServeStuckTests()
    {
        SmallBundle.Write(At("bundle"));
        var capture = new CaptureBuilder();
        for (var i = 0; i < 100; i++)
        {
            capture.Add(i * 1_000_000L, Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.1", "10.1.0.1", 17,
                Frame.Udp(1 + i, 53, []))));
        }

        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Standard error is a pipe that is full, and nobody reads it.</summary>
    [Fact]
    public void Serve_ReaderOfMessagesIsStuck_WritesAllAndEnds()
    {
        var start = Stopwatch.GetTimestamp();
        var (code, _, _) = ProgramProcess.Run(folder, """
            mkfifo full; exec 3<>full
            dd if=/dev/zero of=full bs=4096 count=16 oflag=nonblock 2>/dev/null
            $serveflow serve bundle -r flows.pcap --eve eve.json --stats-interval 1 2>&3
            """);

        Assert.Equal((CommandRunner.Succeeded, 200), (code, File.ReadLines(At("eve.json")).Count()));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 30);
    }

    /// <summary>Standard output is a pipe that is full when the object of --json is to be printed.</summary>
    [Theory]
    [InlineData("serve bundle -r flows.pcap --speed max --eve eve.json --stop-timeout 1 --json", CommandRunner.Failed)]
    [InlineData("classify bundle -r flows.pcap -w eve.json --json", 143)]
    public void Verb_ReaderOfItsObjectIsStuck_EndsOnSigtermAndSaysSo(string verb, int expected)
    {
        var (_, written, said) = ProgramProcess.Run(folder, $$"""
            mkfifo full; exec 3<>full
            dd if=/dev/zero of=full bs=4096 count=16 oflag=nonblock 2>/dev/null
            $serveflow {{verb}} >&3 & job=$!
            until [ -s eve.json ]; do sleep 0.05; done; sleep 1; kill -TERM $job; i=0
            while [ -e /proc/$job ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
            kill -KILL $job 2>/dev/null; wait $job; echo "code $?"
            """);

        Assert.Contains($"code {expected}\n", written, StringComparison.Ordinal);
        Assert.Contains("100 packets captured", said, StringComparison.Ordinal);
        Assert.Contains("standard output", said, StringComparison.Ordinal);
        Assert.Equal(200, File.ReadLines(At("eve.json")).Count());
    }

    /// <summary>The signal comes while the sensor waits for packets that do not come: after the answers of all 100
    /// flows. Whoever keeps the pipe open is not waited for.</summary>
    [Theory]
    [InlineData("sleep 60 > pipe 2>/dev/null & $serveflow serve bundle -r - --eve eve.json < pipe & job=$!; "
        + "until [ -e eve.json ]; do sleep 0.05; done; sleep 0.2", 0)]
    [InlineData("{ cat flows.pcap; sleep 60; } > pipe 2>/dev/null & "
        + "$serveflow serve bundle -r - --eve eve.json < pipe & job=$!; "
        + "until [ -e eve.json ] && [ $(wc -l < eve.json) -ge 100 ]; do sleep 0.05; done", 200)]
    [InlineData("{ gzip -c flows.pcap; sleep 60; } > pipe 2>/dev/null & "
        + "$serveflow serve bundle -r - --eve eve.json < pipe & job=$!; "
        + "until [ -e eve.json ] && [ $(wc -l < eve.json) -ge 100 ]; do sleep 0.05; done", 200)]
    [InlineData("$serveflow serve bundle -r pipe --eve eve.json & job=$!; "
        + "until [ -e eve.json ]; do sleep 0.05; done; sleep 0.2", 0)]
    public void Serve_SilentPipe_EndsOnSigterm(string begin, int records)
    {
        using var serve = ProgramProcess.Start(folder, "mkfifo pipe; " + begin + """

            kill -TERM $job; i=0
            while [ -e /proc/$job ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
            wait $job; echo "code $?"
            """);
        var (_, written, said) = serve.Wait();

        Assert.True(written.Contains("code 0", StringComparison.Ordinal), written + said);
        Assert.Equal(records, File.Exists(At("eve.json")) ? File.ReadLines(At("eve.json")).Count() : 0);
        Assert.DoesNotContain("at byte", said, StringComparison.Ordinal);
    }

    string At(string name) => Path.Combine(folder, name);
}
