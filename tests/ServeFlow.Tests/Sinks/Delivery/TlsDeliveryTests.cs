using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Spools;
using ServeFlow.Tests.Sinks.Spools;
using Xunit;

namespace ServeFlow.Tests.Sinks.Delivery;

/// <summary>Records over TLS, to a receiver that asks for a certificate.</summary>
public sealed class TlsDeliveryTests : IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    readonly SpoolFolder folder = new();
    readonly TestCertificates certificates;
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly SpoolBatch batch = new();

    public TlsDeliveryTests()
    {
        certificates = new(folder.Path);
        certificates.Issue("sensor").Dispose();
        listener.Start();
    }

    public void Dispose()
    {
        listener.Dispose();
        certificates.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(DeliveryFormat.Socket)]
    [InlineData(DeliveryFormat.Syslog)]
    public async Task Send_BothProveWhoTheyAre_ArrivesWholeAndIsConfirmedAtTheEnd(string format)
    {
        var received = Receive("localhost");
        using var spool = Fill();
        using var destination = Open(format, certificates.At("ca.pem"), certificates.At("sensor.pem"));

        var confirmed = 0;
        for (spool.Take(batch); batch.Count > 0; spool.Take(batch))
        {
            destination.Send(batch);
            confirmed += destination.Confirm();
        }

        confirmed += destination.Finish(Limit);
        var (text, sensor) = await received;

        Assert.Equal("CN=sensor", sensor);
        Assert.Equal(1, confirmed);
        Assert.Equal(100, text.Split("record_id").Length - 1);
    }

    [Fact]
    public Task Send_ReceiverOfAnotherAuthority_IsRefused() =>
        AssertRefused("localhost", null, certificates.At("sensor.pem"), "TLS: ");

    [Fact]
    public Task Send_ReceiverOfAnotherName_IsRefused() =>
        AssertRefused("elsewhere", certificates.At("ca.pem"), certificates.At("sensor.pem"), "TLS: ");

    async Task AssertRefused(string name, string? authorities, string certificate, string expected)
    {
        var received = Receive(name);
        using var spool = Fill();
        using var destination = Open(DeliveryFormat.Socket, authorities, certificate);
        spool.Take(batch);

        var error = Assert.ThrowsAny<IOException>(() => destination.Send(batch));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        await Task.WhenAny(received);
        Assert.True(!received.IsCompletedSuccessfully || (await received).Text.Length == 0);
    }

    Spool Fill()
    {
        var spool = folder.Open();
        for (var i = 0; i < 100; i++)
        {
            spool.Append("{\"a\":1}"u8);
        }

        spool.Commit();
        return spool;
    }

    IDestination Open(string format, string? authorities, string certificate) => DeliveryFormat.CreateDestination(
        format, $"tls:localhost:{((IPEndPoint)listener.LocalEndpoint).Port}",
        TlsCredentials.Load(authorities, certificate, Path.ChangeExtension(certificate, ".key")));

    /// <summary>Takes one connection, and reads it to its end.</summary>
    Task<(string Text, string? Sensor)> Receive(string name) => Task.Run(() =>
    {
        using var client = listener.AcceptTcpClient();
        using var stream = new SslStream(client.GetStream());
        using var certificate = certificates.Issue(name);
        stream.AuthenticateAsServer(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2,
        });
        return (new StreamReader(stream).ReadToEnd(), stream.RemoteCertificate?.Subject);
    });
}
