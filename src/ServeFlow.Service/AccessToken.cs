using System.Security.Cryptography;
using System.Text;

namespace ServeFlow.Service;

/// <summary>Represents the token that callers from elsewhere must show.</summary>
public sealed class AccessToken
{
    /// <summary>As hexadecimal digits, 64 bits: beyond guessing over a network.</summary>
    const int MinCharacters = 16;

    const string Scheme = "Bearer ";

    readonly byte[] hash;

    AccessToken(string token) => hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Reads the token from a file, which only its owner and group may read.</summary>
    /// <exception cref="InputException">It cannot be read, others can read it, or the token is too short.</exception>
    public static AccessToken ReadFile(string path) => new(ReadText(path));

    /// <summary>Reads a token to show to another server; the same as <see cref="ReadFile"/> holds for its
    /// file.</summary>
    /// <exception cref="InputException">It cannot be read, others can read it, or the token is too short.</exception>
    public static string ReadText(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message.TrimEnd('.')}; give a file with a token", e);
        }

        CertificateFiles.CheckSecret(path, "token");
        return text.Length >= MinCharacters && text.All(c => c is > ' ' and < (char)127) ? text
            : throw new InputException($"{path}: holds no token of at least {MinCharacters} printable characters: "
                + $"write one, such as 'openssl rand -hex 32 > {path}' does");
    }

    /// <summary>
    /// Creates what a browser keeps after its user showed the token: valid until a time, and only for this token.
    /// </summary>
    public string CreateSession(DateTimeOffset end) => $"{end.ToUnixTimeSeconds()}.{Sign(end.ToUnixTimeSeconds())}";

    /// <summary>Reads when a browser's session ends; null where it is none of this token, or has ended. Takes constant
    /// time.</summary>
    public DateTimeOffset? ReadSession(string? session, DateTimeOffset now) =>
        session?.Split('.') is [var end, var signature]
        && long.TryParse(end, out var seconds) && seconds > now.ToUnixTimeSeconds()
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(seconds)),
            Encoding.UTF8.GetBytes(signature)) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>Determines whether a text is the token, in constant time.</summary>
    public bool IsEqual(string? text) => text is not null
        && CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(text.Trim())));

    string Sign(long end) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(hash, Encoding.UTF8.GetBytes($"serveflow session {end}")));

    /// <summary>Determines whether an <c>Authorization</c> header shows the token, in constant time.</summary>
    public bool IsShown(string? header) => header is not null
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && IsEqual(header[Scheme.Length..]);
}
