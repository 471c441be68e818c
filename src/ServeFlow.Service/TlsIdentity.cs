using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

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

    /// <summary>Returns what a new connection is encrypted by.</summary>
    /// <param name="protocol">The version of HTTP that it speaks.</param>
    internal ValueTask<SslServerAuthenticationOptions> Choose(SslApplicationProtocol protocol) =>
        new(current.ToOptions(protocol));

    static string Time(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd HH:mm} UTC";

    Loaded Read() => new(CertificateFiles.ReadOwn(certificateFile, keyFile, isKeySecret: true),
        authoritiesFile is null ? null : CertificateFiles.ReadAuthorities(authoritiesFile));

    /// <summary>Holds the contents of the files.</summary>
    sealed record Loaded(SslStreamCertificateContext Own, X509Certificate2Collection? Authorities)
    {
        public DateTimeOffset Begin => Own.TargetCertificate.NotBefore;

        public DateTimeOffset End => Own.TargetCertificate.NotAfter;

        /// <summary>
        /// A caller without a certificate is let in, to be answered in words where it shows no token either.
        /// </summary>
        public SslServerAuthenticationOptions ToOptions(SslApplicationProtocol protocol)
        {
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = Own,
                ApplicationProtocols = [protocol],
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            };
            if (Authorities is not null)
            {
                options.ClientCertificateRequired = true;
                options.CertificateChainPolicy = CertificateFiles.Trust(Authorities, downloads: false);
                options.RemoteCertificateValidationCallback = (_, certificate, _, problems) =>
                    certificate is null || problems == SslPolicyErrors.None;
            }

            return options;
        }
    }
}
