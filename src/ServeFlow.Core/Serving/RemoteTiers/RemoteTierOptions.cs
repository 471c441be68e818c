namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Says which tier another server computes, and how long it may take.</summary>
public sealed record RemoteTierOptions
{
    /// <summary>Specifies how long a flow waits for its answer by default.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromMilliseconds(200);

    /// <summary>Specifies how many batches of a worker may be away by default.</summary>
    public const int DefaultCredits = 4;

    /// <summary>Gets the name of the tier, the last of its plan.</summary>
    public required string Tier { get; init; }

    /// <summary>Gets the address of the model: <c>http://HOST:PORT/v2/models/NAME</c>, with or without
    /// <c>/versions/VERSION</c>; or <c>grpc://HOST:PORT/NAME</c>, with or without <c>/VERSION</c>. The schemes
    /// <c>https</c> and <c>grpcs</c> are encrypted.</summary>
    public required Uri Url { get; init; }

    /// <summary>Gets whether the server is asked by gRPC, and not by HTTP.</summary>
    public bool IsGrpc => Url.Scheme is "grpc" or "grpcs";

    /// <inheritdoc cref="IRemoteTier.Deadline"/>
    public TimeSpan Deadline { get; init; } = DefaultDeadline;

    /// <inheritdoc cref="IRemoteTier.Credits"/>
    public int Credits { get; init; } = DefaultCredits;

    /// <summary>Gets what reads the token that is shown to the server; null for none.</summary>
    public Func<string>? ReadToken { get; init; }

    /// <inheritdoc cref="RemoteModel.Waits"/>
    public bool Waits { get; init; }

    /// <summary>Reads <c>TIER=URL</c>.</summary>
    /// <exception cref="InputException">The text is none, or the address is not that of a model.</exception>
    public static RemoteTierOptions Parse(string text)
    {
        var at = text.IndexOf('=');
        return at > 0 && Uri.TryCreate(text[(at + 1)..], UriKind.Absolute, out var url)
            && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0
            && (url.Scheme is "grpc" or "grpcs" ? IsGrpcModel(url) : IsHttpModel(url))
                ? new() { Tier = text[..at], Url = url }
                : throw new InputException($"'{text}': give TIER=URL with the address of a model, such as "
                    + "slow=http://gpu1:8000/v2/models/slow or slow=grpc://gpu1:8001/slow");
    }

    static bool IsHttpModel(Uri url) => url.Scheme is "http" or "https"
        && url.AbsolutePath.Contains("/models/", StringComparison.Ordinal)
        && !url.AbsolutePath.EndsWith("/infer", StringComparison.Ordinal);

    /// <summary>gRPC has no usual port.</summary>
    static bool IsGrpcModel(Uri url) => url.Host.Length > 0 && url.Port > 0
        && url.AbsolutePath.Split('/') is ["", not "", ..] path && path.Length is 2 or 3 && path[^1].Length > 0;
}
