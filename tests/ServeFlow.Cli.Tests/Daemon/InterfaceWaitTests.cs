using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Daemon;

public sealed class InterfaceWaitTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-wait-").FullName;

    public InterfaceWaitTests() => SmallBundle.Write(At("bundle"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Interface_MadeAndSetUpInTime_IsListenedToThen()
    {
        using var socket = new NotifySocket(At("notify"));

        var code = LinkScript.Run(folder, """
            NOTIFY_SOCKET=$PWD/notify "$serveflow" serve bundle -i v0 --wait-interfaces 1000 --eve eve 2> said &
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

    /// <summary>
    /// A sensor that waits for ever is ready at once: whoever starts it need not wait, and it can be asked what it
    /// waits for.
    /// </summary>
    [Theory]
    [InlineData("af_packet", "")]
    [InlineData("af_packet", "--workers 2")]
    [InlineData("af_packet", "--low-latency")]
    [InlineData("pcap", "")]
    public void Interfaces_WaitedForEver_AreListenedToWheneverTheyCome(string backend, string options)
    {
        using var socket = new NotifySocket(At("notify"));

        var code = LinkScript.Run(folder, $$"""
            ctl() { "$serveflow" ctl "$@" --socket "$PWD/socket"; }
            NOTIFY_SOCKET=$PWD/notify "$serveflow" serve bundle -i v0 -i u0 --backend {{backend}} {{options}} \
                --wait-interfaces forever --http "unix:$PWD/socket" --eve eve 2> said &
            pid=$!
            await 'waiting for v0 (does not exist yet), u0 (does not exist yet)' said
            sleep 3 # a sensor whose interfaces were there, and went, ends after two seconds
            ctl status > away
            ip link add v0 type veth peer name v1; ip link set v1 up
            await 'v0: appeared (down)' said
            ip link set v0 up
            await 'listening on v0 ({{backend}})' said
            ip link del v0
            await 'v0: gone' said
            sleep 3
            ip link add v0 type veth peer name v1; ip link set v1 up; ip link set v0 up
            await 'listening on v0 again' said
            kill -TERM $pid; wait $pid
            """);

        Assert.Equal(0, code);
        var told = socket.Drain();
        Assert.Equal("READY=1", told[0]);
        Assert.Contains(told, line => line.StartsWith("STATUS=", StringComparison.Ordinal)
            && line.Contains("v0 gone; u0 gone", StringComparison.Ordinal));
        Assert.Contains("no interface carries packets: v0 gone, u0 gone", File.ReadAllText(At("away")));
        Assert.DoesNotContain(File.ReadLines(At("said")), line => line.Contains("no such interface"));
    }

    /// <summary>The filter is about Ethernet, and what comes is a tunnel.</summary>
    [Theory]
    [InlineData("af_packet")]
    [InlineData("pcap")]
    public void InterfaceThatCame_CannotBeListenedTo_IsSaidOnce(string backend)
    {
        var code = LinkScript.Run(folder, $$"""
            "$serveflow" serve bundle -i v0 --backend {{backend}} --wait-interfaces forever --eve eve -q \
                'ether host 02:00:00:00:00:02' 2> said &
            pid=$!
            until [ -e eve ]; do sleep 0.1; done
            ip tuntap add v0 mode tun && ip link set v0 up || exit 77
            await 'ether host' said
            sleep 0.5
            kill -TERM $pid; wait $pid
            """);

        Assert.SkipWhen(code == 77, "takes /dev/net/tun");
        Assert.Equal(0, code);
        var line = Assert.Single(File.ReadLines(At("said")));
        Assert.Contains("warning serveflow: v0: filter 'ether host 02:00:00:00:00:02': ", line);
    }

    [Fact]
    public void Wait_SignalOrTheEndOfTheTime_EndsIt()
    {
        var code = LinkScript.Run(folder, """
            "$serveflow" serve bundle -i v0 --wait-interfaces forever --eve eve 2> said &
            pid=$!
            await 'waiting for v0' said
            kill -TERM $pid; wait $pid || exit 1
            "$serveflow" serve bundle -i v0 --wait-interfaces 0.5 --eve late.json 2> late
            test $? = 1
            """);

        Assert.Equal(0, code);
        var late = File.ReadAllText(At("late"));
        Assert.Contains("waiting for v0", late);
        Assert.Contains("v0: no such interface", late);
        Assert.False(File.Exists(At("late.json")));
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
