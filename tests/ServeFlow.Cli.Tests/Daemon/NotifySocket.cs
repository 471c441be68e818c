using System.Net.Sockets;
using System.Text;

namespace ServeFlow.Cli.Tests.Daemon;

/// <summary>The socket of a service manager, as systemd gives one to what it starts.</summary>
sealed class NotifySocket : IDisposable
{
    readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    readonly byte[] buffer = new byte[4096];

    /// <param name="name">A path, or <c>@NAME</c> for an abstract socket.</param>
    public NotifySocket(string name)
    {
        Name = name;
        socket.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? $"\0{name[1..]}" : name));
        socket.ReceiveTimeout = 30_000;
    }

    /// <summary>Gets what <c>NOTIFY_SOCKET</c> is to be.</summary>
    public string Name { get; }

    /// <summary>Gets the messages so far.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>Takes the next message.</summary>
    public string Read()
    {
        Messages.Add(Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer)));
        return Messages[^1];
    }

    /// <summary>Takes messages until one begins with a word, and returns that one.</summary>
    public string Await(string word)
    {
        while (!Read().StartsWith(word, StringComparison.Ordinal))
        {
        }

        return Messages[^1];
    }

    /// <summary>Takes what is there without waiting.</summary>
    public List<string> Drain()
    {
        while (socket.Available > 0)
        {
            Read();
        }

        return Messages;
    }

    public void Dispose() => socket.Dispose();
}
