using ServeFlow.Cli.Commands.Daemon;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Daemon;

public sealed class ServiceManagerTests : IDisposable
{
    const long Start = 1_700_000_000_000_000_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-notify-").FullName;

    public ServiceManagerTests()
    {
        SmallBundle.Write(At("bundle"));
        File.WriteAllBytes(At("flows.pcap"), new CaptureBuilder(101)
            .Add(Start, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000, 53, [])))
            .Add(Start + 50_000_000_000L, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000, 53, []))).ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Sensor_FromStartToEnd_TellsTheManagerEachStep()
    {
        using var socket = new NotifySocket(At("notify"));
        using var sensor = ProgramProcess.Start(folder, """
            export NOTIFY_SOCKET=$PWD/notify WATCHDOG_USEC=400000
            exec "$serveflow" serve bundle -r flows.pcap --eve eve.json
            """);

        Assert.Equal("READY=1", socket.Read());
        Assert.Contains("packets/s", socket.Await("STATUS="), StringComparison.Ordinal);
        socket.Await("WATCHDOG=1");
        socket.Await("WATCHDOG=1");
        sensor.Signal("HUP");
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]+$", socket.Await("RELOADING=1"));
        socket.Await("READY=1");
        sensor.Signal("TERM");
        socket.Await("STOPPING=1");
        Assert.Equal(0, sensor.Wait().Code);
        Assert.Single(socket.Drain(), message => message.StartsWith("STOPPING=1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/nowhere/notify")]
    [InlineData("@serveflow-nobody-listens")]
    [InlineData("vsock:2:1234")]
    [InlineData("/")]
    public void Sensor_ManagerThatDoesNotListen_RunsAllTheSame(string name)
    {
        var (code, _, said) = ProgramProcess.Run(folder,
            $"NOTIFY_SOCKET={name} WATCHDOG_USEC=1 \"$serveflow\" serve bundle -r flows.pcap --speed max --eve eve");

        Assert.True(code == 0, said);
        Assert.NotEmpty(File.ReadAllText(At("eve")));
    }

    [Fact]
    public void Open_AbstractSocket_IsReached()
    {
        using var socket = new NotifySocket($"@serveflow-test-{Guid.NewGuid():N}");
        using var manager = Open(socket, ("WATCHDOG_USEC", "2000000"));

        manager.Status("two\nlines");
        Assert.Equal("STATUS=two lines", socket.Read());
        Assert.Equal(TimeSpan.FromSeconds(2), manager.Watchdog);
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("soon", null)]
    [InlineData("30000000", "1")]
    public void Open_WatchdogThatIsNone_IsNull(string microseconds, string? process)
    {
        using var socket = new NotifySocket(At("notify"));
        using var manager = Open(socket, ("WATCHDOG_USEC", microseconds), ("WATCHDOG_PID", process));

        Assert.True(manager.IsListening);
        Assert.Null(manager.Watchdog);
    }

    [Fact]
    public void Step_WorkerThatStandsStill_IsSaidAndNotReportedAlive()
    {
        using var socket = new NotifySocket(At("notify"));
        using var manager = Open(socket, ("WATCHDOG_USEC", "100000"));
        long[] progress = [0, 0];
        var warnings = new List<string>();
        var notices = new SensorNotices(manager, () => [progress[0]++, progress[1]], () => "", warnings.Add);

        ProgramProcess.Until(() =>
        {
            notices.Step();
            return warnings.Count > 0;
        });
        Assert.Single(socket.Drain(), "WATCHDOG=1");
        Assert.StartsWith("worker 1 has asked for no packets for ", warnings[0]);

        progress[1]++;
        notices.Step();
        Assert.Equal(2, socket.Drain().Count(message => message == "WATCHDOG=1"));
        notices.Stopping();
        Thread.Sleep(50);
        notices.Step();
        Assert.Equal(3, socket.Drain().Count(message => message == "WATCHDOG=1"));
    }

    string At(string name) => Path.Combine(folder, name);

    static ServiceManager Open(NotifySocket socket, params (string Name, string? Value)[] others)
    {
        var variables = others.ToDictionary(one => one.Name, one => one.Value);
        variables["NOTIFY_SOCKET"] = socket.Name;
        return ServiceManager.Open(variables.GetValueOrDefault);
    }
}
