using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
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
    public static TlsCredentials Load(string? authoritiesFile, string? certificateFile, string? keyFile)
    {
        var authorities = authoritiesFile is null ? null : Read(authoritiesFile, "certificates of authorities", () =>
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(authoritiesFile);
            return all.Count > 0 ? all : throw new CryptographicException("it has no certificate");
        });
        var own = certificateFile is null ? null : Read(certificateFile, "a certificate and its key", () =>
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            var leaf = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            return SslStreamCertificateContext.Create(leaf, chain, offline: true);
        });
        return new(authorities, own);
    }

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
            options.CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
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

    static T Read<T>(string path, string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e.IsFileFailure || e is CryptographicException or ArgumentException)
        {
            throw new InputException($"{path}: cannot be read as {what}: {e.Message.TrimEnd('.')}; give a file in PEM",
                e);
        }
    }
}
