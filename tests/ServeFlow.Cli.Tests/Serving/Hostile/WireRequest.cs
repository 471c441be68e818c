using System.Text;

namespace ServeFlow.Cli.Tests.Serving.Hostile;

/// <summary>A request as it goes over a socket; nothing mends what is wrong with it.</summary>
/// <param name="Target">Path and query.</param>
sealed record WireRequest(string Method, string Target)
{
    /// <summary>Gets the headers, without the length of the body.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public byte[] Body { get; init; } = [];

    /// <summary>Gets the length that is claimed; null for that of the body.</summary>
    public long? Length { get; init; }

    /// <summary>Gets the bytes that are sent in place of all this; null for none.</summary>
    public byte[]? Raw { get; init; }

    /// <summary>Gets what the answer has to be; null where any answer of 2xx or 4xx may be right.</summary>
    public int? Status { get; init; }

    /// <summary>Gets the words that the answer's error has to have; its field among them.</summary>
    public string Named { get; init; } = "";

    /// <summary>Gets what is wrong with an answer of 200; null for no look at it.</summary>
    public Func<byte[], string?>? Check { get; init; }

    public WireRequest With(string name, string? value) => this with
    {
        Headers = [.. Headers.Where(header => header.Name != name), .. value is null ? [] : new[] { (name, value) }],
    };

    public byte[] ToBytes()
    {
        if (Raw is not null)
        {
            return Raw;
        }

        var text = new StringBuilder($"{Method} {Target} HTTP/1.1\r\n");
        foreach (var (name, value) in Headers)
        {
            text.Append($"{name}: {value}\r\n");
        }

        if (Length is not null || Body.Length > 0 || Method == "POST")
        {
            text.Append($"Content-Length: {Length ?? Body.Length}\r\n");
        }

        return [.. Encoding.Latin1.GetBytes(text.Append("\r\n").ToString()), .. Body];
    }

    public override string ToString()
    {
        var text = Encoding.Latin1.GetString(ToBytes());
        return text.Length > 600 ? text[..600] + "…" : text;
    }
}
