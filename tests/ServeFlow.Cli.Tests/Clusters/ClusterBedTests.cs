using System.Runtime.Versioning;
using ServeFlow.Cascade.Bundles;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>
/// Three workers, two sensors and Redis, each a process in a network namespace of its own: each of them is killed,
/// paused, cut off and brought back under load.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class ClusterBedTests : IDisposable
{
    const string Redis = "/usr/bin/redis-server";
    const string Tls = "--cluster-cert node.pem --cluster-key node.key --cluster-ca ca.pem";

    /// <summary>So many flows are some batches of each worker.</summary>
    const int Some = 100;

    /// <summary>More rounds than one take a minute each.</summary>
    static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("SERVEFLOW_BED_ROUNDS"), out var given)
        ? given : 1;

    /// <summary>What becomes of flows while no worker can be reached.</summary>
    static readonly string[] away = ["late", "lost", "no_credit"];

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-bed-").FullName;
    readonly List<IDisposable> open = [];

    public void Dispose()
    {
        open.ForEach(one => one.Dispose());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Nodes_KilledPausedCutAndHealed_EachFlowIsAnsweredOnceAndEachNodeIsUsedAgain()
    {
        Assert.SkipUnless(File.Exists(Redis), "no redis-server on this machine");
        WriteBundle();
        using var certificates = new TestCertificates(folder);
        certificates.Issue("node").Dispose();
        var hub = Keep(new BedNode(folder));
        var redis = Keep(new BedNode(folder, "redis", hub, 1));
        var workers = Enumerable.Range(1, 3).Select(i => Keep(new BedNode(folder, $"w{i}", hub, 10 + i))).ToArray();
        var sensors = Enumerable.Range(1, 2).Select(i => Keep(new BedSensor(folder, hub, i))).ToArray();
        var cluster = $"--cluster edge --cluster-membership redis --cluster-connection {redis.Address}:6379 {Tls}";
        var patient = $"{cluster} --cluster-deadline 1000 --cluster-local 0";
        StartRedis(redis);
        Array.ForEach(workers, worker => StartWorker(worker, cluster));
        Array.ForEach(sensors, sensor => sensor.Start(patient));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var worker in workers.Where(worker => !worker.IsRunning))
            {
                StartWorker(worker, cluster);
            }

            Answered(sensors);
            FailWorkers(workers, sensors, cluster);
            FailRedis(redis, workers, sensors, cluster);
            FailSensor(sensors[0], sensors[1], patient);
        }

        Array.ForEach(sensors, sensor => sensor.StopAndCheck());
        Assert.Matches("(?m)': [1-9][0-9,]* batches: ", workers[1].Stop());
    }

    /// <summary>One worker after the other fails, until none is left; then each comes back alone, so that it answers
    /// what is answered.</summary>
    static void FailWorkers(BedNode[] workers, BedSensor[] sensors, string cluster)
    {
        workers[0].Kill();
        Answered(sensors);
        workers[1].Pause();
        Answered(sensors);
        workers[2].Cut();
        Array.ForEach(sensors, sensor => sensor.AwaitMore(1, away));

        workers[1].Resume();
        Answered(sensors);
        workers[1].Kill();
        workers[2].Heal();
        Answered(sensors);
        workers[2].Kill();
        StartWorker(workers[0], cluster);
        Answered(sensors);
    }

    /// <summary>Without the list the known worker answers on. One that starts later is found by the list.</summary>
    static void FailRedis(BedNode redis, BedNode[] workers, BedSensor[] sensors, string cluster)
    {
        redis.Pause();
        Answered(sensors);
        redis.Resume();
        redis.Cut();
        Answered(sensors);
        redis.Heal();
        redis.Kill();
        Answered(sensors);
        StartRedis(redis);
        StartWorker(workers[1], cluster);
        workers[0].Kill();
        Answered(sensors);
    }

    /// <summary>What happens to a sensor is nothing to the other one.</summary>
    static void FailSensor(BedSensor failing, BedSensor other, string cluster)
    {
        failing.Node.Cut();
        failing.AwaitMore(1, away);
        Answered(other);
        failing.Node.Heal();
        Answered(failing, other);
        failing.Node.Pause();
        Answered(other);
        failing.Node.Resume();
        Answered(failing, other);
        failing.Node.Kill();
        Answered(other);
        failing.Start(cluster);
        Answered(failing, other);
    }

    static void Answered(params BedSensor[] sensors) =>
        Array.ForEach(sensors, sensor => sensor.AwaitMore(Some, "answered"));

    T Keep<T>(T one)
        where T : IDisposable
    {
        open.Insert(0, one); // the hub ends last
        return one;
    }

    static void StartRedis(BedNode node)
    {
        node.Start($"{Redis} --port 6379 --bind {node.Address} --protected-mode no --save '' --appendonly yes "
            + "--logfile /dev/stderr");
        node.AwaitSaid("Ready to accept");
    }

    static void StartWorker(BedNode node, string cluster)
    {
        node.Start($"$serveflow worker bundle {cluster} --listen {node.Address}:30000 --threads 1");
        node.AwaitSaid("1 at a time");
    }

    /// <summary>Its first tier is unsure of every flow.</summary>
    void WriteBundle()
    {
        var manifest = SmallBundle.NewManifest();
        BundleWriter.Write(Path.Combine(folder, "bundle"), manifest with
        {
            Tiers = [manifest.Tiers[0] with { Thresholds = [-1, -1] }, manifest.Tiers[1] with { Packets = 2 }],
        }, SmallBundle.Models);
    }
}
