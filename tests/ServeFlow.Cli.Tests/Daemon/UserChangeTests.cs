using System.Runtime.Versioning;
using ServeFlow.Cli.Commands.Daemon;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Daemon;

[UnsupportedOSPlatform("windows")]
public sealed class UserChangeTests : IDisposable
{
    const string CaptureOnly = "0000000000002000";
    const string None = "0000000000000000";

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-user-").FullName;

    public UserChangeTests()
    {
        SmallBundle.Write(At("bundle"));
        Directory.CreateDirectory(At("out"));
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        File.WriteAllBytes(At("flows.pcap"), new CaptureBuilder(101)
            .Add(1_700_000_000_000_000_000, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000, 53, [])))
            .Add(1_700_000_050_000_000_000, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000, 53, []))).ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Root_BecomesTheUser_CanCaptureAndNothingElse()
    {
        var code = Run("""
            ip link add v0 type veth peer name v1; ip link set v1 up; ip link set v0 up
            "$serveflow" serve bundle -i v0 --user nobody --eve out/eve --workers 2 2> said &
            pid=$!
            await 'listening on v0 (' said
            cat /proc/$pid/task/*/status > status
            ip link del v0; ip link add v0 type veth peer name v1; ip link set v1 up; ip link set v0 up
            await 'listening on v0 again' said
            stat -c '%U' out/eve > owner
            kill -TERM $pid; wait $pid
            """);

        Assert.Equal(0, code);
        Assert.Equal("nobody", File.ReadAllText(At("owner")).Trim());
        AssertThreads(CaptureOnly);
        Assert.Matches(@"running as nobody \(uid 65534, gid \d+, groups \d+( \d+)*\) with the capability "
            + "CAP_NET_RAW; it can gain no other", File.ReadAllText(At("said")));
    }

    [Fact]
    public void Root_Replay_KeepsNoCapability()
    {
        var code = Run("""
            "$serveflow" serve bundle -r flows.pcap --user nobody --eve out/eve --http unix:out/socket 2> said &
            pid=$!
            await 'answering HTTP' said
            cat /proc/$pid/task/*/status > status
            kill -TERM $pid; wait $pid
            """);

        Assert.Equal(0, code);
        AssertThreads(None);
        Assert.Contains("with no capability; it can gain no other", File.ReadAllText(At("said")));
    }

    [Theory]
    [InlineData("no-such-user", "--user no-such-user: there is no such user")]
    [InlineData("root", "--user root: is root, and gives up nothing")]
    public void User_ThatCannotBe_IsSaid(string user, string expected)
    {
        var (code, _, said) = ProgramProcess.Run(folder, $"\"$serveflow\" serve bundle -r flows.pcap --user {user}");

        Assert.Equal(1, code);
        Assert.Contains(expected, said);
        Assert.Single(said.Trim().Split('\n'));
    }

    [Fact]
    public void User_AskedForByAnother_IsRefused()
    {
        Assert.Equal(0, Run("""
            setpriv --reuid=nobody --clear-groups "$serveflow" serve bundle -r flows.pcap --user daemon 2> said
            test $? = 1
            """));
        Assert.Contains("--user daemon: only root can become another user", File.ReadAllText(At("said")));
    }

    [Fact]
    public void Parse_TextOfTheKernel_IsDescribed()
    {
        var rights = ProcessRights.Parse(["Name:\tserveflow", "Uid:\t998\t998\t998\t998", "Gid:\t997\t997\t997\t997",
            "Groups:\t ", "CapPrm:\t0000000000003000", "NoNewPrivs:\t0"]);

        Assert.Equal("running as sensor (uid 998, gid 997, groups none) with the capabilities 0x3000",
            rights.Describe("sensor"));
    }

    string At(string name) => Path.Combine(folder, name);

    /// <summary>Runs a script where the user nobody can start the program.</summary>
    int Run(string script) => LinkScript.Run(folder, """
        chown nobody out
        setpriv --reuid=nobody --clear-groups "$serveflow" --version > /dev/null 2>&1 || exit 77

        """ + script);

    /// <summary>Every thread is the user's in all ways, and has no more than these capabilities.</summary>
    void AssertThreads(string capabilities)
    {
        var lines = File.ReadAllLines(At("status"));
        var threads = lines.Count(line => line.StartsWith("Pid:", StringComparison.Ordinal));
        string[] expected =
        [
            "Uid:\t65534\t65534\t65534\t65534", $"CapPrm:\t{capabilities}", $"CapEff:\t{capabilities}",
            $"CapBnd:\t{capabilities}", "NoNewPrivs:\t1",
        ];
        Assert.InRange(threads, 2, 1000);
        Assert.All(expected, line => Assert.Equal(threads, lines.Count(other => other == line)));
    }
}
