using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ServeFlow.Sinks.Delivery;

/// <summary>Says whom a sensor trusts over TLS, and how it proves who it is.</summary>
public sealed class TlsCredentials
{
    readonly X509Certificate2Collection? authorities;
    readonly SslStreamCertificateContext? own;

    TlsCredentials(X509Certificate2Collection? authorities, SslStreamCertificateContext? own) =>
        (this.authorities, this.own) = (authorities, own);

    /// <summary>Trusts whom the system trusts, and shows nothing.</summary>
    public static TlsCredentials Default { get; } = new(null, null);

    /// <summary>Reads certificates in PEM.</summary>
    /// <param name="authoritiesFile">The certificates that are trusted; null for those of the system.</param>
    /// <param name="certificateFile">The sensor's own certificate, and those that lead to its authority; null for none.
    /// </param>
    /// <param name="keyFile">The key of the certificate; null where it is in the same file.</param>
    /// <exception cref="InputException">A file cannot be read, or is none of these.</exception>
    public static TlsCredentials Load(string? authoritiesFile, string? certificateFile, string? keyFile) =>
        new(authoritiesFile is null ? null : CertificateFiles.ReadAuthorities(authoritiesFile),
            certificateFile is null ? null : CertificateFiles.ReadOwn(certificateFile, keyFile, isKeySecret: false));

    /// <summary>Encrypts a connection, once the receiver has proved who it is.</summary>
    /// <exception cref="IOException">It did not.</exception>
    internal SslStream Authenticate(Stream connection, string host, TimeSpan time)
    {
        var secure = new SslStream(connection);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificateContext = own,
        };
        if (authorities is not null)
        {
            options.CertificateChainPolicy = CertificateFiles.Trust(authorities, downloads: true);
        }

        using var limit = new CancellationTokenSource(time);
        try
        {
            secure.AuthenticateAsClientAsync(options, limit.Token).GetAwaiter().GetResult();
            return secure;
        }
        catch (Exception e) when (e is AuthenticationException or OperationCanceledException)
        {
            secure.Dispose();
            throw new IOException(e is OperationCanceledException ? "no answer to TLS in time"
                : $"TLS: {e.Message} {e.InnerException?.Message}".TrimEnd(), e);
        }
    }
}
