using System.Diagnostics;
using System.Text.Json;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary><c>serve</c> as a process on veth links of a network namespace of its own.</summary>
public sealed class ServeLinkTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-links-").FullName;

    public ServeLinkTests() => SmallBundle.Write(At("bundle"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("af_packet")]
    [InlineData("pcap")]
    public void LinkThatGoesDownComesBackAndVanishes_IsSaidCountedAndEndsTheSensor(string backend)
    {
        var (code, said, seconds) = Run(backend, "-i v0", """
            ip link set v0 down; await down; ip link set v0 up; await up
            ip link set v1 down; await no_carrier; ip link set v1 up; await up
            ip link set v0 down; await down
            date +%s.%N > gone; ip link del v0; wait $pid; code=$?; date +%s.%N > ended
            """);

        Assert.Equal(CommandRunner.Failed, code);
        Assert.InRange(seconds, 0, 5);
        string[] expected =
        [
            $"listening on v0 ({backend})", "v0: went down (down); waiting for it", "v0: came back",
            "v0: went down (no carrier); waiting for it", "v0: came back", "v0: went down (down); waiting for it",
            "v0: gone; listening again when it is made anew",
            "v0: went down 3, came back 2, vanished 1, made anew 0 times",
            "v0: gone; nothing more can be captured",
        ];
        // Some versions of libpcap give up an interface that is down; it is opened anew.
        Assert.Equal(expected, Lines(said).Where(line => line != "listening on v0 again"));
        var states = File.ReadLines(At("stats")).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(line => line.GetProperty("interfaces")[0].GetProperty("state").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "up", "down", "no_carrier", "gone" }, states);
    }

    [Theory]
    [InlineData("af_packet", "")]
    [InlineData("af_packet", "--workers 2")]
    [InlineData("af_packet", "--workers 2 --low-latency")]
    [InlineData("pcap", "")]
    public void LinkThatIsMadeAnew_IsListenedToAgain(string backend, string options)
    {
        var (code, said, _) = Run(backend, $"-i v0 {options}", """
            ip link del v0; sleep 0.5; ip link add v0 type veth peer name v1
            ip link set v1 up; ip link set v0 up; ip addr add 10.7.0.1/24 dev v1
            ip neigh add 10.7.0.2 lladdr 02:00:00:00:00:02 dev v1 2>/dev/null
            for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
              grep -q 'listening on v0 again' said && break; sleep 0.1; done
            ping -c 3 -i 0.2 -W 1 10.7.0.2 > /dev/null; sleep 0.2
            kill -TERM $pid; wait $pid; code=$?
            """);

        Assert.Equal(CommandRunner.Succeeded, code);
        Assert.Contains("v0: gone; listening again when it is made anew", Lines(said));
        Assert.Contains("listening on v0 again", Lines(said));
        var last = JsonDocument.Parse(File.ReadLines(At("stats")).Last()).RootElement.GetProperty("interfaces")[0];
        Assert.Equal((1, 1, 1), (last.GetProperty("vanished").GetInt32(), last.GetProperty("made_anew").GetInt32(),
            last.GetProperty("reopened").GetInt32()));
        if (File.Exists("/usr/bin/ping") || File.Exists("/bin/ping"))
        {
            Assert.Contains("\"proto\":\"ICMP\"", File.ReadAllText(At("eve")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void OneOfTwoLinksThatVanishes_LeavesTheOther()
    {
        var (code, said, _) = Run("af_packet", "-i v0 -i u0", """
            ip link del v0; sleep 3; kill -TERM $pid; wait $pid; code=$?
            """, others: "ip link add u0 type veth peer name u1; ip link set u0 up; ip link set u1 up");

        Assert.Equal(CommandRunner.Succeeded, code);
        Assert.Contains("v0: gone; listening again when it is made anew", Lines(said));
        Assert.DoesNotContain(Lines(said), line => line.Contains("nothing more", StringComparison.Ordinal));
    }

    string At(string name) => Path.Combine(folder, name);

    /// <summary>What the sensor said about its links.</summary>
    static List<string> Lines(string said) =>
    [
        .. said.Split('\n').Select(line => line.Split("serveflow: ")[^1].Trim())
            .Where(line => line.StartsWith("listening", StringComparison.Ordinal)
                || line.StartsWith("v0:", StringComparison.Ordinal)),
    ];

    /// <summary>Runs a script beside the sensor; <c>$pid</c> is the sensor, which listens already.</summary>
    /// <param name="others">Makes further links before it starts.</param>
    (int Code, string Said, double Seconds) Run(string backend, string options, string script, string others = "")
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            && File.Exists(Repository.Program) && File.Exists("/usr/bin/unshare"), "takes root, unshare and ip");
        File.WriteAllText(At("script"), $$"""
            cd {{folder}}
            ip link set lo up
            ip link add v0 type veth peer name v1 || exit 77
            ip link set v0 up; ip link set v1 up; {{others}}
            {{Repository.Program}} serve bundle {{options}} --backend {{backend}} --eve eve --stats-json stats \
              --stats-interval 0.05 2> said &
            pid=$!
            for i in $(seq 100); do grep -q 'listening on' said && break; sleep 0.1; done
            # Waits until the latest statistics have a state.
            await() {
              for i in $(seq 200); do
                tail -n 1 stats | grep -q "\"state\":\"$1\"" && return; sleep 0.05; done
            }
            await up
            {{script}}
            exit $code
            """);
        using var process = Process.Start("/usr/bin/unshare", ["--net", "/bin/sh", At("script")]);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.SkipUnless(process.ExitCode != 77, "takes network namespaces with veth links");
        var seconds = File.Exists(At("ended")) ? Number("ended") - Number("gone") : 0;
        return (process.ExitCode, File.ReadAllText(At("said")), seconds);
    }

    double Number(string name) => double.Parse(File.ReadAllText(At(name)),
        System.Globalization.CultureInfo.InvariantCulture);
}
