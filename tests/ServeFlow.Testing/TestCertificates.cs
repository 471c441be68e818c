using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServeFlow.Testing;

/// <summary>An authority, and certificates that it has issued, as files in PEM.</summary>
public sealed class TestCertificates : IDisposable
{
    readonly string folder;
    readonly X509Certificate2 authority;

    /// <param name="folder">Where the files are written; <c>ca.pem</c> is the authority.</param>
    public TestCertificates(string folder)
    {
        this.folder = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(At("ca.pem"), authority.ExportCertificatePem());
    }

    public string At(string name) => Path.Combine(folder, name);

    /// <summary>
    /// Issues a certificate, for a name and for 127.0.0.1, and writes it with its key as <c>NAME.pem</c> and
    /// <c>NAME.key</c>.
    /// </summary>
    /// <param name="expired">Whether it has been valid until an hour ago.</param>
    public X509Certificate2 Issue(string name, bool expired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, authority.NotBefore,
            expired ? DateTime.Now.AddHours(-1) : authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        var whole = issued.CopyWithPrivateKey(key);
        File.WriteAllText(At($"{name}.pem"), whole.ExportCertificatePem());
        File.WriteAllText(At($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At($"{name}.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return whole;
    }

    public void Dispose() => authority.Dispose();
}
