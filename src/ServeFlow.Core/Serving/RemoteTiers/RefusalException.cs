namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Tells why a server's answer is no answer: asking again does not help.</summary>
public sealed class RefusalException(string message) : Exception(message)
{
    /// <summary>Specifies how much of a server's own words is shown: what is wrong, and what to do.</summary>
    public const int MaxCharacters = 240;

    /// <summary>Specifies what a server that knows nobody without a token is to be shown.</summary>
    public const string TokenAdvice = "; show it its token, with --remote-token-file";
}
