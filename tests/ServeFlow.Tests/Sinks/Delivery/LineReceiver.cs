using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServeFlow.Tests.Sinks.Delivery;

/// <summary>
/// A receiver of lines at a TCP or Unix socket, as slow and unreliable as a test wants it. It takes one connection
/// after the other; each line that it has read counts, and a part of a line that a connection ends with does not.
/// </summary>
sealed class LineReceiver : IDisposable
{
    readonly Socket listener;
    readonly List<string> lines = [];
    readonly Thread thread;
    Socket? connection;
    volatile bool isEnding;

    LineReceiver(Socket listener, string address)
    {
        (this.listener, Address) = (listener, address);
        listener.Listen();
        thread = new(Run) { IsBackground = true };
        thread.Start();
    }

    public string Address { get; }

    /// <summary>Gets or sets whether nothing is read, so that the kernel's buffers fill up.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Gets or sets whether each connection is closed as soon as it is there.</summary>
    public bool IsClosing { get; set; }

    public int Connections { get; private set; }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    public static LineReceiver OnTcp(int port = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return new(socket, $"tcp:127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");
    }

    public static LineReceiver OnUnix(string path)
    {
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return new(socket, $"unix:{path}");
    }

    /// <summary>Waits until so many different lines were read.</summary>
    public bool Wait(int count) =>
        SpinWait.SpinUntil(() => Lines.Distinct().Count() >= count, TimeSpan.FromSeconds(20));

    /// <summary>Ends the connection as a process does that is killed: what it has not read is lost.</summary>
    public void Drop() => connection?.Close();

    public void Dispose()
    {
        isEnding = true;
        listener.Dispose();
        connection?.Dispose();
        thread.Join();
    }

    void Run()
    {
        while (!isEnding)
        {
            try
            {
                using (connection = listener.Accept())
                {
                    Connections++;
                    if (!IsClosing)
                    {
                        Read(connection);
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // the next one
            }
        }
    }

    void Read(Socket from)
    {
        var buffer = new byte[1 << 16];
        var rest = "";
        while (true)
        {
            if (IsStuck)
            {
                Thread.Sleep(5);
                from.Poll(0, SelectMode.SelectError);
                continue;
            }

            var count = from.Receive(buffer);
            if (count == 0)
            {
                return;
            }

            var pieces = (rest + Encoding.UTF8.GetString(buffer, 0, count)).Split('\n');
            rest = pieces[^1];
            lock (lines)
            {
                lines.AddRange(pieces[..^1]);
            }
        }
    }
}
