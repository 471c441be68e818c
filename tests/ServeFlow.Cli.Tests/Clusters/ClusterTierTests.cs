using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using ServeFlow.Cascade;
using ServeFlow.Cluster;
using ServeFlow.Features;
using ServeFlow.Serving.RemoteTiers;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>A tier that workers of a cluster compute, over real connections within this process.</summary>
public sealed partial class ClusterTierTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-cluster-").FullName;
    readonly ConcurrentQueue<string> said = [];
    readonly List<ClusterWorker> workers = [];
    readonly List<ClusterTierFactory> sensors = [];
    readonly CascadePlan plan;
    readonly int port = TcpPort.FindFree();

    public ClusterTierTests()
    {
        plan = Write("bundle", 0.9999);
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        sensors.ForEach(sensor => sensor.Dispose());
        foreach (var worker in workers)
        {
            await worker.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Score_WorkerHasTheTier_GivesTheProbabilitiesOfThisProcess()
    {
        await StartWorker(plan);
        var batch = Send(Open(), flows: 300);
        Assert.Equal(RemoteOutcome.Answered, batch.Wait());

        var scorer = plan.Tiers[^1].CreateScorer();
        var expected = new float[300 * 2];
        Enumerable.Range(0, 300).ToList().ForEach(flow => scorer.Add(flow, Flow(flow)));
        scorer.Score(300, expected);
        Assert.Equal(expected, batch.Probabilities[..600]);
        Assert.True(expected.Distinct().Count() > 1);
        Assert.Empty(said);
        Assert.Equal("1 batches: 300 answered, 0 late, 0 busy, 0 unknown, 0 malformed, 0 failed flows, in 1 runs",
            workers[0].Counts.ToString());
    }

    [Fact]
    public async Task Score_WorkerHasAnotherBundle_IsRefusedByName()
    {
        await StartWorker(Write("other", 0.8));

        Assert.Equal(RemoteOutcome.Refused, Send(Open()).Wait());
        Assert.StartsWith("remote tier in cluster 'edge': no worker has the tier 'slow' of bundle 1 (model ",
            Assert.Single(said), StringComparison.Ordinal);
        Assert.Contains("it serves 'slow' of other 1 (model ", said.Single(), StringComparison.Ordinal);
        Assert.EndsWith("give it the same version of the bundle; flows keep the answer of the tier before",
            said.Single(), StringComparison.Ordinal);
        Assert.Contains("1 unknown", workers[0].Counts.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_OneOfTwoWorkersHasTheTier_IsAnsweredByThatOne()
    {
        await StartWorker(Write("other", 0.8));
        await StartWorker(plan, TcpPort.FindFree());
        var tier = Open(connection: string.Join(',', ports.Select(one => $"127.0.0.1:{one}")));

        Assert.All(Enumerable.Range(0, 8), _ => Assert.Equal(RemoteOutcome.Answered, Send(tier).Wait()));
        Assert.Empty(said);
        Assert.Contains("8 answered", workers[1].Counts.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_BothWorkersHaveTheTier_AreAskedInTurn()
    {
        await StartWorker(plan);
        await StartWorker(plan, TcpPort.FindFree());
        var tier = Open(connection: string.Join(',', ports.Select(one => $"127.0.0.1:{one}")));

        int[] Batches() => [.. workers.Select(worker => int.Parse(worker.Counts.ToString().Split(' ')[0],
            CultureInfo.InvariantCulture))];
        await Until(() => Send(tier).Wait() == RemoteOutcome.Answered && !Batches().Contains(0)); // both are connected
        var before = Batches();

        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(RemoteOutcome.Answered, Send(tier).Wait()));
        Assert.All(Batches().Zip(before), count => Assert.InRange(count.First - count.Second, 5, 15));
    }

    [Fact]
    public async Task Score_NobodyListens_IsLostAndAnsweredOnceSomeoneDoes()
    {
        var tier = Open();
        Assert.Equal(RemoteOutcome.Lost, Send(tier).Wait());
        Assert.Contains("Unable to connect to 127.0.0.1", Assert.Single(said), StringComparison.Ordinal);

        await StartWorker(plan);
        await Until(() => Send(tier).Wait() == RemoteOutcome.Answered);
        Assert.EndsWith("kept the answer of the tier before", said.Last(), StringComparison.Ordinal);
        Assert.Contains("answers again", said.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_WorkerStopsAndAnotherStartsThere_IsAnsweredAgain()
    {
        await StartWorker(plan);
        var tier = Open();
        Assert.Equal(RemoteOutcome.Answered, Send(tier).Wait());
        await workers[0].DisposeAsync();
        Assert.NotEqual(RemoteOutcome.Answered, Send(tier).Wait());

        await StartWorker(plan);
        await Until(() => Send(tier).Wait() == RemoteOutcome.Answered);
    }

    [Fact]
    public async Task Score_ListInRedis_FindsWorkersThatComeAndForgetsThoseThatGo()
    {
        using var redis = RedisProcess.Start(folder, TcpPort.FindFree());
        var list = RedisProcess.CreateOptions(redis.Port);
        await StartWorker(plan, list: list);
        var tier = Open(list: list);
        Assert.Equal(RemoteOutcome.Answered, Send(tier).Wait());

        await StartWorker(plan, TcpPort.FindFree(), list: list);
        await Until(() => Send(tier).Wait() == RemoteOutcome.Answered
            && !workers[1].Counts.ToString().StartsWith('0'));
        await workers[0].DisposeAsync();
        await Until(() => Enumerable.Range(0, 4).All(_ => Send(tier).Wait() == RemoteOutcome.Answered));
        Assert.Equal(RemoteOutcome.Lost, Send(Open(list: list with { Id = "strangers" })).Wait());
        Assert.Contains(said, line => line.EndsWith("in cluster 'strangers': there is no worker; flows keep the answer "
            + "of the tier before", StringComparison.Ordinal));
        await Until(() => said.Contains($"worker 127.0.0.1:{port}: left the list of the cluster"));
        await StartWorker(plan, list: list);
        await Until(() => said.Contains($"worker 127.0.0.1:{port}: is back"));

        redis.Kill();
        await Until(() => said.Any(line => Regex.IsMatch(line,
            "^the list of workers cannot be read: .*; the sensor goes on with the workers that it knows$")));
        Assert.Equal(RemoteOutcome.Answered, Send(tier).Wait());
    }

    readonly List<int> ports = [];
    readonly ConcurrentQueue<string> ofWorkers = [];

    async Task StartWorker(CascadePlan served, int? at = null, ClusterTls? tls = null, ClusterOptions? list = null)
    {
        ports.Add(at ?? port);
        var options = EdgeWorker.CreateOptions(at ?? port);
        workers.Add(await ClusterWorker.StartAsync(options with
        {
            Cluster = list ?? new() { Id = options.Cluster.Id, Tls = tls },
        }, [served],
            _ => { }, ofWorkers.Enqueue, TestContext.Current.CancellationToken));
    }

    IRemoteTier Open(string id = "edge", string? connection = null, ClusterTls? tls = null,
        ClusterOptions? list = null)
    {
        sensors.Add(new(new()
        {
            Cluster = list ?? new() { Id = id, Connection = connection ?? $"127.0.0.1:{port}", Tls = tls },
            Deadline = TimeSpan.FromSeconds(4),
        }, said.Enqueue));
        return ((RemoteModel)sensors[^1].Apply(plan).Tiers[^1].Compiled).Remote;
    }

    CascadePlan Write(string name, double sure) => SmallBundle.WritePlan(Path.Combine(folder, name), sure);

    static RemoteBatch Send(IRemoteTier tier, int flows = 1)
    {
        var batch = new RemoteBatch(tier, 10, 2);
        batch.Begin(tier.Deadline);
        for (var i = 0; i < flows; i++)
        {
            batch.Add(Flow(i));
        }

        batch.Send();
        return batch;
    }

    /// <summary>Makes the packets of a flow, from ports of its own.</summary>
    static HeaderRecord[] Flow(int number)
    {
        var packets = new HeaderRecord[1 + (number % 12)];
        foreach (ref var packet in packets.AsSpan())
        {
            packet.UdpLength = 8;
            packet.Bits[HeaderRecord.UdpOffset + 1] = (byte)number;
        }

        return packets;
    }

    static async Task Until(Func<bool> isSo)
    {
        for (var tries = 0; !isSo(); tries++)
        {
            Assert.True(tries < 300);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
