using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ServeFlow.Service;

/// <summary>
/// The certificate that a sensor shows over TLS, and the authorities of those that callers may show. It is swapped
/// whole when its files are read again: each connection has what held when it began.
/// </summary>
public sealed class TlsIdentity
{
    readonly string certificateFile;
    readonly string? keyFile;
    readonly string? authoritiesFile;
    volatile Loaded current;

    TlsIdentity(string certificateFile, string? keyFile, string? authoritiesFile)
    {
        (this.certificateFile, this.keyFile, this.authoritiesFile) = (certificateFile, keyFile, authoritiesFile);
        current = Read();
    }

    /// <summary>Gets whether callers may show certificates.</summary>
    public bool AsksClients => authoritiesFile is not null;

    /// <summary>Reads certificates in PEM.</summary>
    /// <param name="certificateFile">The sensor's certificate, and those that lead to its authority.</param>
    /// <param name="keyFile">The key of the certificate; null where it is in the same file.</param>
    /// <param name="authoritiesFile">The authorities whose certificates callers may show; null where they show none.
    /// </param>
    /// <exception cref="InputException">A file cannot be read, is none of these, or others can read the key.
    /// </exception>
    public static TlsIdentity Load(string certificateFile, string? keyFile, string? authoritiesFile) =>
        new(certificateFile, keyFile, authoritiesFile);

    /// <summary>Reads the files again; new connections have what they hold. Says until when the certificate is valid.
    /// </summary>
    /// <exception cref="InputException">One cannot be used: what held before is shown on.</exception>
    public string Reload()
    {
        current = Read();
        return $"{certificateFile}: read again; the certificate is valid until {Time(current.End)}";
    }

    /// <summary>Gets what is amiss with the certificate at a time; null where nothing is.</summary>
    public string? FindProblem(DateTimeOffset now) => now >= current.End
        ? $"{certificateFile}: the certificate has expired on {Time(current.End)}: clients will refuse it"
        : now < current.Begin
            ? $"{certificateFile}: the certificate is valid from {Time(current.Begin)} on: clients will refuse it"
            : null;

    /// <summary>Gives what a new connection is encrypted by.</summary>
    internal ValueTask<SslServerAuthenticationOptions> Choose(TlsHandshakeCallbackContext connection) =>
        new(current.ToOptions());

    static string Time(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd HH:mm} UTC";

    Loaded Read()
    {
        var authorities = authoritiesFile is null ? null : Read(authoritiesFile, "certificates of authorities", () =>
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(authoritiesFile);
            return all.Count > 0 ? all : throw new CryptographicException("it has no certificate");
        });
        return Read(certificateFile, keyFile is null ? "a certificate with its key" : "a certificate", () =>
        {
            CheckSecret(keyFile ?? certificateFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            var leaf = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            return new Loaded(SslStreamCertificateContext.Create(leaf, chain, offline: true), authorities,
                leaf.NotBefore, leaf.NotAfter);
        });
    }

    static void CheckSecret(string path)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(path)
            && (File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
        {
            throw new InputException($"{path}: every user of this machine may read the key: chmod o-rwx it");
        }
    }

    T Read<T>(string path, string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e.IsFileFailure || e is CryptographicException or ArgumentException)
        {
            var key = path == certificateFile && keyFile is not null ? $" with the key {keyFile}" : "";
            throw new InputException($"{path}: cannot be read as {what}{key}: {e.Message.TrimEnd('.')}; give files in "
                + "PEM, without a password", e);
        }
    }

    /// <summary>Holds the contents of the files.</summary>
    sealed record Loaded(SslStreamCertificateContext Own, X509Certificate2Collection? Authorities, DateTimeOffset Begin,
        DateTimeOffset End)
    {
        /// <summary>
        /// A caller without a certificate is let in, to be answered in words where it shows no token either.
        /// </summary>
        public SslServerAuthenticationOptions ToOptions()
        {
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = Own,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            };
            if (Authorities is not null)
            {
                options.ClientCertificateRequired = true;
                options.CertificateChainPolicy = new()
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                };
                options.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities);
                options.RemoteCertificateValidationCallback = (_, certificate, _, problems) =>
                    certificate is null || problems == SslPolicyErrors.None;
            }

            return options;
        }
    }
}
