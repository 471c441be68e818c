using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace ServeFlow.Cli.Commands.Daemon;

/// <summary>
/// Tells the service manager that started this process how it is, in the words of sd_notify(3): one datagram each to
/// the socket that <c>NOTIFY_SOCKET</c> names. Without that variable nothing is told. A manager that does not listen is
/// no reason to stop, so a message that cannot be sent is left out.
/// </summary>
sealed class ServiceManager : IDisposable
{
    /// <summary>The start may take this much longer from the moment it is asked for.</summary>
    static readonly TimeSpan Extension = TimeSpan.FromSeconds(60);

    readonly Socket? socket;

    ServiceManager(Socket? socket, TimeSpan? watchdog) => (this.socket, Watchdog) = (socket, watchdog);

    /// <summary>Gets whether a manager listens.</summary>
    public bool IsListening => socket is not null;

    /// <summary>Gets the time after which a process that does not report is stuck; null where nobody watches.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>Connects as the environment of this process says.</summary>
    public static ServiceManager Open() => Open(Environment.GetEnvironmentVariable);

    /// <param name="variable">Gives the value of a variable of the environment, or null.</param>
    public static ServiceManager Open(Func<string, string?> variable)
    {
        var socket = Connect(variable("NOTIFY_SOCKET"));
        var isMine = variable("WATCHDOG_PID") is not { Length: > 0 } process || process == $"{Environment.ProcessId}";
        TimeSpan? watchdog = socket is not null && isMine
            && long.TryParse(variable("WATCHDOG_USEC"), out var microseconds) && microseconds > 0
                ? TimeSpan.FromMicroseconds(microseconds) : null;
        return new(socket, watchdog);
    }

    /// <summary>The sensor takes packets, or waits for its interfaces: the start, or a reload, is complete.</summary>
    public void Ready() => Send("READY=1");

    /// <summary>The configuration is read again; <see cref="Ready"/> ends that.</summary>
    public void Reloading() => Send($"RELOADING=1\nMONOTONIC_USEC={MonotonicMicroseconds}");

    /// <summary>Nothing new is taken, and what was taken is brought to its end.</summary>
    /// <param name="status">Says what that is.</param>
    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={status}");

    /// <summary>Sends the line that <c>systemctl status</c> shows.</summary>
    public void Status(string line) => Send($"STATUS={line.ReplaceLineEndings(" ")}");

    /// <summary>Tells the watchdog that nothing is stuck.</summary>
    public void Alive() => Send("WATCHDOG=1");

    /// <summary>The start takes longer, and is not to be given up.</summary>
    public void ExtendStart() => Send($"EXTEND_TIMEOUT_USEC={(long)Extension.TotalMicroseconds}");

    public void Dispose() => socket?.Dispose();

    /// <summary>CLOCK_MONOTONIC, which <see cref="Stopwatch"/> reads on Linux.</summary>
    static long MonotonicMicroseconds =>
        (long)(Stopwatch.GetTimestamp() * (1_000_000.0 / Stopwatch.Frequency));

    /// <param name="path">A path, or <c>@NAME</c> for an abstract socket.</param>
    static Socket? Connect(string? path)
    {
        if (path is not ['/' or '@', _, ..])
        {
            return null;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path));
            return socket;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            socket.Dispose();
            return null;
        }
    }

    void Send(string message)
    {
        try
        {
            socket?.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // The manager is gone or its queue is full; packets matter more.
        }
    }
}
