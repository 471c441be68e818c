using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace ServeFlow.Cluster;

/// <summary>
/// Holds the certificates of a sensor or a worker. Each side of a connection shows one, and takes the other's only
/// where the same authority stands behind it.
/// </summary>
public sealed class ClusterTls
{
    readonly X509Certificate2 own;
    readonly X509Certificate2Collection authorities;

    ClusterTls(X509Certificate2 own, X509Certificate2Collection authorities)
    {
        (this.own, this.authorities) = (own, authorities);
    }

    /// <summary>Reads certificates in PEM.</summary>
    /// <param name="certificateFile">The own certificate; one of the authorities has signed it.</param>
    /// <param name="keyFile">Its key; null where it is in the same file.</param>
    /// <param name="authoritiesFile">The authorities whose certificates are taken.</param>
    /// <exception cref="InputException">A file cannot be read, is none of these, others can read the key, or no
    /// authority takes the own certificate, as no other node would.</exception>
    public static ClusterTls Load(string certificateFile, string? keyFile, string authoritiesFile)
    {
        var tls = new ClusterTls(CertificateFiles.ReadOwn(certificateFile, keyFile, isKeySecret: true)
            .TargetCertificate, CertificateFiles.ReadAuthorities(authoritiesFile));
        using var chain = new X509Chain { ChainPolicy = tls.Trust() };
        return chain.Build(tls.own) ? tls : throw new InputException($"--cluster-cert {certificateFile}: is not taken "
            + $"by {authoritiesFile}: {chain.ChainStatus[0].StatusInformation.Trim().TrimEnd('.')}: give a certificate "
            + "that an authority of --cluster-ca has signed itself, and that is valid now");
    }

    /// <summary>
    /// Sets up connections of either direction. Names are not compared: workers are found by address, and the authority
    /// is the cluster's own.
    /// </summary>
    /// <param name="refuse">Is told of each certificate that is not taken; null for nobody.</param>
    internal void Apply(TlsOptions options, Action<X509Certificate2>? refuse = null)
    {
        options.LocalCertificate = own;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.RemoteCertificateValidation = (certificate, _, _) =>
        {
            var isTrusted = IsTrusted(certificate);
            if (!isTrusted && certificate is not null)
            {
                refuse?.Invoke(certificate);
            }

            return isTrusted;
        };
        options.OnAuthenticateAsClient = (_, client) =>
        {
            client.TargetHost = "serveflow";
            ((SslClientAuthenticationOptions)client.SslClientAuthenticationOptions).CertificateChainPolicy = Trust();
        };
        options.OnAuthenticateAsServer = (_, server) =>
            ((SslServerAuthenticationOptions)server.SslServerAuthenticationOptions).CertificateChainPolicy = Trust();
    }

    X509ChainPolicy Trust() => CertificateFiles.Trust(authorities, downloads: false);

    bool IsTrusted(X509Certificate2? certificate)
    {
        using var chain = new X509Chain { ChainPolicy = Trust() };
        return certificate is not null && chain.Build(certificate);
    }
}
