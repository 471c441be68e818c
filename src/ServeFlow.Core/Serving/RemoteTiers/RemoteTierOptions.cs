namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Says which tier another server computes, and how long it may take.</summary>
public sealed record RemoteTierOptions
{
    /// <summary>Is how long a flow waits for its answer by default.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromMilliseconds(200);

    /// <summary>Is how many batches of a worker may be away by default.</summary>
    public const int DefaultCredits = 4;

    /// <summary>Gets the name of the tier, the last of its plan.</summary>
    public required string Tier { get; init; }

    /// <summary>Gets the address of the model: <c>http://HOST:PORT/v2/models/NAME</c>, with or without
    /// <c>/versions/VERSION</c>.</summary>
    public required Uri Url { get; init; }

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
            && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0
            && url.UserInfo.Length == 0 && url.AbsolutePath.Contains("/models/", StringComparison.Ordinal)
            && !url.AbsolutePath.EndsWith("/infer", StringComparison.Ordinal)
                ? new() { Tier = text[..at], Url = url }
                : throw new InputException($"'{text}': give TIER=URL with the address of a model, such as "
                    + "slow=http://gpu1:8000/v2/models/slow");
    }
}
