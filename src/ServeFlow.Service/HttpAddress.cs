using System.Net;

namespace ServeFlow.Service;

/// <summary>Says where HTTP is served: an address and port, or a Unix socket.</summary>
public sealed record HttpAddress
{
    const string UnixPrefix = "unix:";

    /// <summary>Addresses of Unix sockets are at most so long in Linux.</summary>
    const int MaxPathBytes = 107;

    HttpAddress(string text) => Text = text;

    /// <summary>Gets the address as it was given.</summary>
    public string Text { get; }

    /// <summary>Gets the socket's path; null for TCP.</summary>
    public string? SocketPath { get; private init; }

    /// <summary>Gets the address and port; null for a socket.</summary>
    public IPEndPoint? EndPoint { get; private init; }

    /// <summary>Gets whether inference by gRPC is answered there, and nothing else.</summary>
    public bool IsGrpc { get; private init; }

    /// <summary>Gets whether only this machine can reach it.</summary>
    public bool IsLocal => EndPoint is null || IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>
    /// Determines whether the name in a request is this machine's loopback address. A page of elsewhere whose name was
    /// pointed at this machine is answered nothing.
    /// </summary>
    public static bool IsLoopbackName(string host) =>
        host == "localhost"
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads <c>ADDRESS:PORT</c> where gRPC is answered.</summary>
    /// <exception cref="InputException">It is something else.</exception>
    public static HttpAddress ParseGrpc(string text) => Parse(text) is { EndPoint: not null } address
        ? address with { IsGrpc = true }
        : throw new InputException($"'{InputException.Quote(text)}': give ADDRESS:PORT, such as 127.0.0.1:8001, with a "
            + "port of at most 65535");

    /// <summary>Reads <c>ADDRESS:PORT</c> or <c>unix:PATH</c>.</summary>
    /// <exception cref="InputException">It is neither.</exception>
    public static HttpAddress Parse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            var path = text.Length > UnixPrefix.Length ? Path.GetFullPath(text[UnixPrefix.Length..]) : "";
            var bytes = System.Text.Encoding.UTF8.GetByteCount(path);
            return bytes is > 0 and <= MaxPathBytes ? new(text) { SocketPath = path }
                : throw new InputException($"'{InputException.Quote(text)}': give unix:PATH with a path of 1 to "
                    + $"{MaxPathBytes} bytes");
        }

        var named = text.StartsWith("localhost:", StringComparison.Ordinal) ? $"127.0.0.1:{text[10..]}" : text;
        var colon = named.LastIndexOf(':');
        var isWhole = colon > 0 && (named[0] == '[' ? named[colon - 1] == ']' : named.IndexOf(':') == colon);
        return isWhole && IPEndPoint.TryParse(named, out var endPoint) ? new(text) { EndPoint = endPoint }
            : throw new InputException($"'{InputException.Quote(text)}': give ADDRESS:PORT, such as 127.0.0.1:9464, "
                + "with a port of at most 65535, or unix:PATH");
    }
}
