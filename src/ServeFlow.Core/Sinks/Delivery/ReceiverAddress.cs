using System.Globalization;

namespace ServeFlow.Sinks.Delivery;

/// <summary>Names the kind of a connection.</summary>
public enum ReceiverKind
{
    Tcp,

    /// <summary>TCP, encrypted, to a receiver that shows a certificate.</summary>
    Tls,

    /// <summary>A Unix socket of this machine.</summary>
    Unix,
}

/// <summary>Says where a receiver listens: <c>tcp:HOST:PORT</c>, <c>tls:HOST:PORT</c> or <c>unix:PATH</c>.</summary>
/// <param name="Kind">The kind of the connection.</param>
/// <param name="Host">The host's name or address; the path of a Unix socket.</param>
/// <param name="Port">The port; 0 for a Unix socket.</param>
public sealed record ReceiverAddress(ReceiverKind Kind, string Host, int Port)
{
    /// <summary>Specifies the longest path that the kernel's address of a Unix socket holds.</summary>
    const int MaxPath = 107;

    /// <exception cref="InputException">The text is no such address.</exception>
    public static ReceiverAddress Parse(string text)
    {
        var (kind, rest) = text.IndexOf(':') is > 0 and var colon ? (text[..colon], text[(colon + 1)..]) : ("", text);
        return kind switch
        {
            "unix" => ParsePath(rest, text),
            "tcp" => ParseHost(ReceiverKind.Tcp, rest, text),
            "tls" => ParseHost(ReceiverKind.Tls, rest, text),
            _ => throw Wrong(text),
        };
    }

    public override string ToString() => Kind switch
    {
        ReceiverKind.Unix => $"unix:{Host}",
        var kind => $"{(kind == ReceiverKind.Tls ? "tls" : "tcp")}:{HostText}:{Port}",
    };

    string HostText => Host.Contains(':') ? $"[{Host}]" : Host;

    static ReceiverAddress ParsePath(string path, string text) =>
        path.Length == 0 ? throw Wrong(text)
            : PathBytes.Encode(path).Length > MaxPath ? throw new InputException($"{text}: a path of a Unix socket has "
                + $"at most {MaxPath} bytes: give a shorter one")
            : new(ReceiverKind.Unix, path, 0);

    static ReceiverAddress ParseHost(ReceiverKind kind, string rest, string text)
    {
        var colon = rest.LastIndexOf(':');
        var host = colon > 0 ? rest[..colon] : "";
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        host = isBracketed ? host[1..^1] : host;
        return host.Length > 0 && isBracketed == host.Contains(':') && !host.Any(char.IsWhiteSpace)
            && int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= ushort.MaxValue
                ? new(kind, host, port)
                : throw Wrong(text);
    }

    static InputException Wrong(string text) => new($"'{text}': give tcp:HOST:PORT, tls:HOST:PORT or unix:PATH, such "
        + "as tcp:logs.example.net:5170 or tcp:[2001:db8::1]:5170");
}
