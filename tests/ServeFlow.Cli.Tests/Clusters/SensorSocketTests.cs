using System.Net.Sockets;
using System.Runtime.Versioning;
using ServeFlow.Cli.Commands.Control;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>How <c>ctl</c> waits for a sensor.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SensorSocketTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-socket-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Call_SensorThatDoesNotAnswer_SaysThatTheOutcomeIsUnknown()
    {
        var path = Path.Combine(folder, "s.sock");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();

        var less = TimeSpan.FromSeconds(-7); // of the 15 seconds of any answer twice so much is off
        Assert.Equal($"{path}: the sensor has not answered for 1 s: it is not known whether that was done, and it may "
            + "go on", Assert.Throws<InputException>(() => SensorSocket.Call(path, HttpMethod.Post,
                "/api/fleet/rollback", TestContext.Current.CancellationToken, less)).Message);
    }
}
