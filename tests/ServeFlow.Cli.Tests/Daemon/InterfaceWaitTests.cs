using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Daemon;

public sealed class InterfaceWaitTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-wait-").FullName;

    public InterfaceWaitTests() => SmallBundle.Write(At("bundle"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Interface_MadeAndSetUpLater_IsListenedToThen()
    {
        using var socket = new NotifySocket(At("notify"));

        var code = LinkScript.Run(folder, """
            NOTIFY_SOCKET=$PWD/notify "$serveflow" serve bundle -i v0 --wait-interfaces forever --eve eve 2> said &
            pid=$!
            await 'waiting for v0 (does not exist yet)' said
            ip link add v0 type veth peer name v1; ip link set v1 up
            await 'waiting for v0 (is down)' said
            ip link set v0 up
            await 'listening on v0' said
            kill -TERM $pid; wait $pid
            """);

        Assert.Equal(0, code);
        Assert.Equal(["STATUS=waiting for v0 (does not exist yet)", "EXTEND_TIMEOUT_USEC=60000000",
            "STATUS=waiting for v0 (is down)", "EXTEND_TIMEOUT_USEC=60000000", "READY=1"], socket.Drain().Take(5));
    }

    [Fact]
    public void Wait_SignalOrTheEndOfTheTime_EndsIt()
    {
        var code = LinkScript.Run(folder, """
            "$serveflow" serve bundle -i v0 --wait-interfaces forever --eve eve 2> said &
            pid=$!
            await 'waiting for v0' said
            kill -TERM $pid; wait $pid || exit 1
            "$serveflow" serve bundle -i v0 --wait-interfaces 0.5 --eve eve 2> late
            test $? = 1
            """);

        Assert.Equal(0, code);
        var late = File.ReadAllText(At("late"));
        Assert.Contains("waiting for v0", late);
        Assert.Contains("v0: no such interface", late);
        Assert.False(File.Exists(At("eve")));
    }

    [Fact]
    public void Option_OutOfPlaceOrNoNumber_IsRefused()
    {
        Assert.Contains("--wait-interfaces 'ages': give a number from 0 to 1000000, or forever",
            Refuse("-i v0 --wait-interfaces ages"));
        Assert.Contains("--wait-interfaces: is about interfaces", Refuse("-r flows.pcap --wait-interfaces 5"));
    }

    string At(string name) => Path.Combine(folder, name);

    string Refuse(string options)
    {
        var (code, _, said) = ProgramProcess.Run(folder, $"\"$serveflow\" serve bundle {options}");
        Assert.Equal(2, code);
        return said;
    }
}
