using System.Net;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>TLS and client certificates of a running sensor, with certificates made here, over real sockets.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class ServeTlsTests : ServedSensor
{
    const string Tls = "--http-cert sensor.pem --http-key sensor.key";

    readonly TestCertificates certificates;
    readonly TestCertificates foreign;

    public ServeTlsTests()
    {
        certificates = new(Folder);
        certificates.Issue("sensor").Dispose();
        certificates.Issue("client").Dispose();
        Directory.CreateDirectory(At("foreign"));
        foreign = new(At("foreign"));
        foreign.Issue("client").Dispose();
    }

    [Fact]
    public async Task Request_WithAClientCertificate_IsAnsweredAndOthersAreNot()
    {
        var address = Serve($"--http 0.0.0.0:0 --http unix:s.sock {Tls} --http-client-ca ca.pem -c c.yaml");
        Assert.StartsWith("https://", address);

        using var known = Open(address, "client");
        Assert.Equal("""{"status":"ok"}""", await known.GetStringAsync("/healthz", Cancel));
        Assert.Equal(HttpStatusCode.OK, (await known.PostAsync("/api/reload", null, Cancel)).StatusCode);
        using var forged = new HttpRequestMessage(HttpMethod.Post, "/api/stop");
        forged.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await known.SendAsync(forged, Cancel)).StatusCode);
        var page = await known.GetStringAsync("/", Cancel);
        for (var tries = 0; page.Contains("The models are being read", StringComparison.Ordinal) && tries < 40; tries++)
        {
            await Task.Delay(250, Cancel);
            page = await known.GetStringAsync("/", Cancel);
        }

        Assert.Contains("Activate", page);
        using var nobody = Open(address, null);
        var refused = await nobody.GetAsync("/metrics", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("show a client certificate", await refused.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/_blazor", Cancel)).StatusCode);
        using var other = Open(address, "foreign/client");
        await Assert.ThrowsAsync<HttpRequestException>(() => other.GetAsync("/healthz", Cancel));
        using var plain = new HttpClient { BaseAddress = new(address.Replace("https:", "http:")) };
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync("/healthz", Cancel));
        Assert.Contains("\"ready\":true", Ctl("status --json"));
        Assert.DoesNotContain(" error ", File.ReadAllText(At("said")));
    }

    [Fact]
    public async Task Request_WhereTokenAndCertificatesAreTaken_ShowsEither()
    {
        var address = Serve($"--http 127.0.0.1:0 {Tls} --http-client-ca ca.pem --http-token-file token");

        using var known = Open(address, "client");
        Assert.Equal(HttpStatusCode.OK, (await known.GetAsync("/metrics", Cancel)).StatusCode);
        using var nobody = Open(address, null);
        var refused = await nobody.GetAsync("/metrics", Cancel);
        Assert.Contains("or a client certificate", await refused.Content.ReadAsStringAsync(Cancel));
        nobody.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync("/metrics", Cancel)).StatusCode);
    }

    /// <summary>As the documentation has it: the commands of others speak with the sensor.</summary>
    [Fact]
    public void Curl_WithTheCertificates_IsAnswered()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "no curl");
        var address = Serve($"--http 127.0.0.1:0 {Tls} --http-client-ca ca.pem");

        var (code, written, said) = ProgramProcess.Run(Folder,
            $"curl -sS --cacert ca.pem --cert client.pem --key client.key {address}/readyz");
        Assert.Equal((0, """{"status":"ready"}""", ""), (code, written, said));
    }

    [Fact]
    public async Task Reload_RenewedCertificate_IsShownAndOneThatIsNoneIsNot()
    {
        var address = Serve($"--http 127.0.0.1:0 --http unix:s.sock {Tls} -c c.yaml");
        var first = await Shown(address);
        certificates.Issue("sensor").Dispose();
        Assert.Contains("sensor.pem: read again; the certificate is valid until", Ctl("reload"));
        var second = await Shown(address);
        Assert.NotEqual(first, second);
        File.WriteAllText(At("sensor.pem"), "x");
        Assert.Contains("sensor.pem: cannot be read as a certificate", Ctl("reload", code: 1));
        Assert.Equal(second, await Shown(address));
    }

    [Theory]
    [InlineData("--http 0.0.0.0:0 --http-cert sensor.pem --http-key sensor.key", "set a token (--http-token-file) or")]
    [InlineData("--http 127.0.0.1:0 --http-cert none.pem", "none.pem: cannot be read as a certificate with its key")]
    [InlineData("--http 127.0.0.1:0 --http-cert sensor.pem", "sensor.pem: cannot be read as a certificate with its")]
    [InlineData("--http 127.0.0.1:0 --http-cert sensor.pem --http-key client.key", "with the key client.key")]
    [InlineData("--http 127.0.0.1:0 --http-cert token --http-key sensor.key", "token: cannot be read as a certificate")]
    [InlineData("--http 127.0.0.1:0 --http-cert sensor.pem --http-key sensor.key --http-client-ca token",
        "token: cannot be read as certificates of authorities")]
    [InlineData("--http 127.0.0.1:0 --http-cert sensor.pem --http-key open.key", "every user of this machine may read")]
    [InlineData("--http 127.0.0.1:0 --http-client-ca ca.pem", "give the sensor's certificate with --http-cert")]
    [InlineData("--http unix:s.sock --http-cert sensor.pem --http-key sensor.key", "a Unix socket is not encrypted")]
    [InlineData("--http-cert sensor.pem", "--http-cert: is about HTTP")]
    public void Start_WhatCannotBe_IsOneLine(string options, string expected)
    {
        File.Copy(At("sensor.key"), At("open.key"));
        File.SetUnixFileMode(At("open.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.SetUnixFileMode(At("sensor.pem"), UnixFileMode.UserRead);

        var (code, _, said) = ProgramProcess.Run(Folder, $"$serveflow serve bundle -r flows.pcap --eve e {options}");
        Assert.NotEqual(0, code);
        Assert.Contains(expected, Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void ConfigCheck_Certificates_AreReadWhereTheyAre()
    {
        const string Check = "$serveflow config check x.yaml";
        File.WriteAllText(At("x.yaml"), "bundle: bundle\ncapture: {interfaces: [lo]}\nhttp:\n"
            + "  listen: ['127.0.0.1:0']\n  cert: sensor.pem\n  key: client.key\n");
        var (code, written, said) = ProgramProcess.Run(Folder, Check);
        Assert.NotEqual(0, code);
        Assert.Matches("x.yaml:5: http.cert: sensor.pem: cannot be read as a certificate with the key client.key",
            written + said);
        File.WriteAllText(At("x.yaml"), File.ReadAllText(At("x.yaml")).Replace("client.key", "sensor.key"));
        (code, written, said) = ProgramProcess.Run(Folder, Check);
        Assert.True(code == 0, written + said);
        File.WriteAllText(At("x.yaml"), File.ReadAllText(At("x.yaml")).Replace("sensor.key", "gone.key"));
        (code, written, said) = ProgramProcess.Run(Folder, Check);
        Assert.True(code == 0, written + said);
        Assert.Contains("not checked: certificates of HTTP: gone.key: is not on this machine", written + said);
    }

    [Fact]
    public void Start_ExpiredCertificate_IsAWarning()
    {
        certificates.Issue("sensor", expired: true).Dispose();
        Serve($"--http 127.0.0.1:0 {Tls}");
        Assert.Matches(" warning serveflow: sensor.pem: the certificate has expired on ", File.ReadAllText(At("said")));
    }

    /// <summary>Opens a client that trusts the authority of the sensor alone.</summary>
    /// <param name="own">The certificate that it shows; null for none.</param>
    HttpClient Open(string address, string? own)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(At("ca.pem"));
        if (own is not null)
        {
            var leaf = X509Certificate2.CreateFromPemFile(At($"{own}.pem"), At($"{own}.key"));
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(leaf, null, offline: true);
        }

        return new(handler) { BaseAddress = new(Any().Replace(address, "127.0.0.1")) };
    }

    /// <summary>Gets the serial number of the certificate that new connections are shown.</summary>
    static async Task<string> Shown(string address)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        var uri = new Uri(address);
        await socket.ConnectAsync(uri.Host, uri.Port, Cancel);
        using var secure = new SslStream(socket.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "sensor",
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        }, Cancel);
        return secure.RemoteCertificate!.GetSerialNumberString();
    }

    [GeneratedRegex(@"0\.0\.0\.0|\[::\]")]
    private static partial Regex Any();
}
