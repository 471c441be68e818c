using System.Net;
using System.Text.Json;
using ServeFlow.Benchmarks.Figures;
using ServeFlow.Benchmarks.Scale;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cluster;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Benchmarks.Transport;

/// <summary>
/// Answers <c>transport</c>: what it takes to have flows scored by workers of a cluster, which are processes of their
/// own. The tier is a decision tree, which takes next to nothing.
/// </summary>
static class TransportVerb
{
    /// <summary>Specifies how many packets of a flow the tier sees.</summary>
    public const int Depth = 10;

    const string Usage = """
        taskset -c 0 … transport [--worker-cores 1] [--packets 1] [--seconds 5] [--workers 1] [--credits 4]
              [--warm-up 10] [--deadline 10000] [--json]
              as many flows as are taken, in batches of --batch 512 flows
        taskset -c 0 … transport --rate N [--kill-after SECONDS] …
              N flows a second, in the batches that a sensor makes of them; the first worker is killed and started again
        """;

    static readonly JsonSerializerOptions json = new(ResultFiles.Options) { Converters = { new RoundedNumbers() } };

    /// <returns>The process's exit code: 2 where the options are wrong.</returns>
    public static async Task<int> RunAsync(string[] options)
    {
        if (options is [WorkerProcess.Serve, var bundle, var address])
        {
            await ServeAsync(Bundle.Load(bundle).Plan, IPEndPoint.Parse(address));
            return 0;
        }

        if (TransportOptions.Parse(options, out var problem) is not { } asked)
        {
            Console.Error.WriteLine($"transport: {problem}\n{Usage}");
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("serveflow-bench").FullName;
        try
        {
            var result = Measure(asked, SyntheticLab.Train(folder, $"dt@1,dt@{Depth}"));
            Console.WriteLine(asked.IsJson ? JsonSerializer.Serialize(result, json) : result.ToString());
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static TransportResult Measure(TransportOptions asked, string bundle)
    {
        var workers = Enumerable.Range(0, asked.Workers).Select(number => new WorkerProcess(bundle,
            asked.WorkerCores.Count > 0 ? asked.WorkerCores[number % asked.WorkerCores.Count] : null)).ToArray();
        try
        {
            using var pool = new ClusterTierFactory(new()
            {
                Cluster = new()
                {
                    Id = WorkerProcess.Cluster,
                    Connection = string.Join(',', workers.Select(worker => worker.Address)),
                },
                Credits = asked.Credits,
                Deadline = TimeSpan.FromMilliseconds(asked.Deadline),
            }, Console.Error.WriteLine);
            var plan = Bundle.Load(bundle).Plan;
            var load = new TransportLoad((RemoteModel)pool.Apply(plan).Tiers[^1].Compiled, plan, asked);
            load.WarmUp();
            var killing = asked.KillAfter > 0 ? KillAsync(workers[0], asked.KillAfter) : Task.CompletedTask;
            var result = TransportResult.Measure(load, workers, TimeSpan.FromSeconds(asked.Seconds));
            killing.Wait();
            return result;
        }
        finally
        {
            Array.ForEach(workers, worker => worker.Dispose());
        }
    }

    static async Task KillAsync(WorkerProcess worker, double seconds)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        worker.KillAndStart();
    }

    /// <summary>Runs a worker until its input ends.</summary>
    static async Task ServeAsync(CascadePlan plan, IPEndPoint address)
    {
        await using var worker = await ClusterWorker.StartAsync(new()
        {
            Cluster = new() { Id = WorkerProcess.Cluster },
            Address = address,
            SiloPort = WorkerProcess.FindPort(),
            Threads = Environment.ProcessorCount,
        }, [plan]);
        Console.WriteLine(WorkerProcess.Ready);
        await Console.In.ReadToEndAsync();
        await Console.Error.WriteLineAsync($"{address}: {worker.Counts}");
    }
}
