using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServeFlow;

/// <summary>Reads certificates and keys in PEM, and says in one line why a file cannot be used.</summary>
public static class CertificateFiles
{
    /// <summary>Reads the certificates of authorities, at least one.</summary>
    /// <exception cref="InputException">The file cannot be read, or holds none.</exception>
    public static X509Certificate2Collection ReadAuthorities(string path) =>
        Read(path, "certificates of authorities", () =>
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(path);
            return all.Count > 0 ? all : throw new CryptographicException("it has no certificate");
        });

    /// <summary>Reads a certificate with its key, and the certificates that lead to its authority.</summary>
    /// <param name="certificateFile">The certificate, and behind it those that lead to its authority.</param>
    /// <param name="keyFile">The key; null where it is in the same file.</param>
    /// <param name="isKeySecret">Refuses a key that every user of the machine may read.</param>
    /// <exception cref="InputException">A file cannot be read, is none of these, or others can read the key.
    /// </exception>
    public static SslStreamCertificateContext ReadOwn(string certificateFile, string? keyFile, bool isKeySecret) =>
        Read(certificateFile, keyFile is null ? "a certificate with its key" : $"a certificate with the key {keyFile}",
            () =>
            {
                if (keyFile is null && !File.ReadAllText(certificateFile).Contains("PRIVATE KEY-----",
                    StringComparison.Ordinal))
                {
                    throw new CryptographicException("it holds no key: name the file of the key too");
                }

                if (isKeySecret)
                {
                    CheckSecret(keyFile ?? certificateFile, "key");
                }

                var chain = new X509Certificate2Collection();
                chain.ImportFromPemFile(certificateFile);
                var leaf = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
                return SslStreamCertificateContext.Create(leaf, chain, offline: true);
            });

    /// <summary>Creates the policy that trusts certificates of some authorities alone. No lists of revoked ones are
    /// read.</summary>
    /// <param name="downloads">Whether certificates between are fetched from where a certificate says. Whoever listens
    /// must not: a stranger's certificate names any address.</param>
    public static X509ChainPolicy Trust(X509Certificate2Collection authorities, bool downloads)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = !downloads,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>Refuses a file with a secret that every user of the machine may read or write.</summary>
    /// <param name="what">What the secret is, as in "the key".</param>
    /// <exception cref="InputException">They may.</exception>
    public static void CheckSecret(string path, string what)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(path)
            && (File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
        {
            throw new InputException($"{path}: every user of this machine may read the {what}: chmod o-rwx it");
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
            throw new InputException($"{path}: cannot be read as {what}: {e.Message.TrimEnd('.')}; give files in PEM, "
                + "without a password", e);
        }
    }
}
