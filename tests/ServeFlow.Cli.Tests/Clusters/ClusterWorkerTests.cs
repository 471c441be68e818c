using System.Net;
using System.Net.Sockets;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cluster;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>Workers that cannot start, and certificates that no other node would take.</summary>
public sealed class ClusterWorkerTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-worker-").FullName;
    readonly CascadePlan plan;
    readonly int port = TcpPort.FindFree();

    public ClusterWorkerTests()
    {
        SmallBundle.Write(At("bundle"));
        plan = Bundle.Load(At("bundle/1")).Plan;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task StartAsync_PortIsTaken_SaysSo()
    {
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();

        Assert.StartsWith($"127.0.0.1:{port}: cannot be listened at: Address already in use", await Refuse(Options),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_AnotherWorkerHasAPort_SaysSo()
    {
        var options = Options;
        await using var other = await ClusterWorker.StartAsync(options, [plan], TestContext.Current.CancellationToken);

        Assert.EndsWith("does another worker run there? Give each its own --listen", await Refuse(options),
            StringComparison.Ordinal);
        Assert.EndsWith("does another worker run there? Give each its own --silo-port", await Refuse(options with
        {
            Address = new(IPAddress.Loopback, TcpPort.FindFree()),
        }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_AddressThatOthersReachWithoutCertificates_IsRefused() =>
        Assert.Contains("give certificates with --cluster-cert and --cluster-ca", await Refuse(Options with
        {
            Address = new(IPAddress.Parse("10.0.0.5"), port),
        }), StringComparison.Ordinal);

    [Fact]
    public async Task StartAsync_NoListThere_SaysWhichOptionNamesIt() => Assert.EndsWith(
        "the list of workers cannot be read: It was not possible to connect to the redis server(s): check "
            + "--cluster-connection", await Refuse(Options with
            {
                Cluster = RedisProcess.CreateOptions(TcpPort.FindFree()),
            }), StringComparison.Ordinal);

    [Fact]
    public void Load_CertificateOfAnotherAuthority_IsRefused()
    {
        Issue("ours");
        Issue("theirs");

        Assert.Contains("give a certificate that an authority of --cluster-ca has signed itself", Assert.Throws
            <InputException>(() => ClusterTls.Load(At("ours/node.pem"), At("ours/node.key"), At("theirs/ca.pem")))
            .Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CertificateWithoutItsKey_SaysThatTheKeyIsMissing()
    {
        Issue("ours");

        Assert.Contains("it holds no key: name the file of the key too", Assert.Throws<InputException>(() =>
            ClusterTls.Load(At("ours/node.pem"), null, At("ours/ca.pem"))).Message, StringComparison.Ordinal);
    }

    ClusterWorkerOptions Options => EdgeWorker.CreateOptions(port);

    async Task<string> Refuse(ClusterWorkerOptions options) => (await Assert.ThrowsAsync<InputException>(() =>
        ClusterWorker.StartAsync(options, [plan], TestContext.Current.CancellationToken))).Message;

    void Issue(string authority)
    {
        Directory.CreateDirectory(At(authority));
        using var certificates = new TestCertificates(At(authority));
        certificates.Issue("node").Dispose();
    }

    string At(string name) => Path.Combine(folder, name);
}
