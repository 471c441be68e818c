using BenchmarkDotNet.Attributes;
using ServeFlow.Packets;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;

namespace ServeFlow.Benchmarks.EndToEnd;

/// <summary>One worker, from packets in memory to records that nobody keeps, a flow: dt@1, lgbm@1, lgbm@10.</summary>
public class WorkerBenchmarks
{
    const int Flows = 20_000;

    /// <summary>Longer than any timeout: each replay's flows are new ones.</summary>
    const long GapNs = 7_200_000_000_000;

    readonly NullSink sink = new();
    PacketMemory memory = new();
    Worker worker = null!;
    long laterNs;

    [Params(1, 10)]
    public int PacketsPerFlow { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        memory = SyntheticLab.Traffic(Flows, PacketsPerFlow);
        worker = new(SyntheticLab.Plan, new(), sink);
    }

    [Benchmark(OperationsPerInvoke = Flows)]
    public long Classify()
    {
        using var source = memory.Open(laterNs += GapNs);
        worker.Run(source);
        worker.Finish();
        return worker.Account.Created;
    }
}
