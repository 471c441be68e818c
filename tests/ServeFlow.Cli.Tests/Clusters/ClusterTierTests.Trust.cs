using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ServeFlow.Cluster;
using ServeFlow.Serving.RemoteTiers;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>Tests whom workers send away, and what is said of it.</summary>
public sealed partial class ClusterTierTests
{
    [Fact]
    public async Task Score_AnotherClusterId_IsSentAway()
    {
        await StartWorker(plan);

        Assert.Equal(RemoteOutcome.Lost, Send(Open("strangers")).Wait());
        Assert.StartsWith("remote tier in cluster 'strangers': ", Assert.Single(said), StringComparison.Ordinal);
        Assert.Contains("has it another cluster id, or other certificates?", said.Single(), StringComparison.Ordinal);
        Assert.StartsWith("0 batches", workers[0].Counts.ToString(), StringComparison.Ordinal);
        await Until(() => ofWorkers.Any(line => Regex.IsMatch(line, "^127.0.0.1: was sent away: .*strangers")));
    }

    [Fact]
    public async Task Score_WithCertificatesOfOneAuthority_IsAnswered()
    {
        var (worker, sensor) = Issue("ours", "worker", "sensor");
        await StartWorker(plan, tls: worker);

        Assert.Equal(RemoteOutcome.Answered, Send(Open(tls: sensor)).Wait());
    }

    [Fact]
    public async Task Score_StrangersCertificateOrNone_IsSentAway()
    {
        var (worker, _) = Issue("ours", "worker", "sensor");
        var (_, stranger) = Issue("theirs", "worker", "sensor");
        await StartWorker(plan, tls: worker);

        Assert.Equal(RemoteOutcome.Lost, Send(Open()).Wait());
        Assert.Equal(RemoteOutcome.Lost, Send(Open(tls: stranger)).Wait());
        Assert.Equal(2, said.Count);
        Assert.All(said, line => Assert.StartsWith("remote tier in cluster 'edge': ", line, StringComparison.Ordinal));
        await Until(() => ofWorkers.Count >= 2);
        Assert.Equal(["127.0.0.1: was sent away: it showed no certificate", "127.0.0.1: was sent away: its certificate "
            + "(CN=sensor) is of no authority of --cluster-ca, or is not valid now"], ofWorkers);
        Assert.StartsWith("0 batches", workers[0].Counts.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_CallerLeavesBeforeItShowsACertificate_IsNotNamed()
    {
        var (worker, _) = Issue("ours", "worker", "sensor");
        await StartWorker(plan, tls: worker);
        using (var hasty = new TcpClient(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0)))
        {
            await hasty.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            await hasty.GetStream().WriteAsync(new byte[] { 22, 3, 1 }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(RemoteOutcome.Lost, Send(Open()).Wait());
        await Until(() => ofWorkers.Contains("127.0.0.1: was sent away: it showed no certificate"));
        Assert.Single(ofWorkers);
    }

    [Fact]
    public async Task Score_WorkerOfAnotherMachineAndNoCertificates_SaysWhatToGive()
    {
        using var redis = RedisProcess.Start(folder, TcpPort.FindFree());
        var list = RedisProcess.CreateOptions(redis.Port);
        var (worker, _) = Issue("ours", "worker", "sensor");
        var options = EdgeWorker.CreateOptions(port);
        var address = FindOutsideAddress();
        Assert.SkipWhen(address is null, "this machine has no address that others reach");
        workers.Add(await ClusterWorker.StartAsync(options with
        {
            Address = new(address!, port),
            Cluster = list with { Tls = worker },
        }, [plan], _ => { }, ofWorkers.Enqueue, TestContext.Current.CancellationToken));

        Assert.Equal(RemoteOutcome.Lost, Send(Open(list: list)).Wait());
        Assert.Contains("give certificates with --cluster-cert and --cluster-ca", Assert.Single(said),
            StringComparison.Ordinal);
    }

    (ClusterTls Worker, ClusterTls Sensor) Issue(string authority, string worker, string sensor)
    {
        Directory.CreateDirectory(Path.Combine(folder, authority));
        using var certificates = new TestCertificates(Path.Combine(folder, authority));
        return (Load(worker), Load(sensor));

        ClusterTls Load(string name)
        {
            certificates.Issue(name).Dispose();
            return ClusterTls.Load(certificates.At($"{name}.pem"), certificates.At($"{name}.key"),
                certificates.At("ca.pem"));
        }
    }

    static IPAddress? FindOutsideAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(device => device.OperationalStatus == OperationalStatus.Up)
        .SelectMany(device => device.GetIPProperties().UnicastAddresses).Select(one => one.Address)
        .FirstOrDefault(one => one.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(one));
}
