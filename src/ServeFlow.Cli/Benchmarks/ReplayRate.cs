using System.Diagnostics;
using System.Text.Json.Nodes;
using ServeFlow.Cascade;
using ServeFlow.Packets;
using ServeFlow.Serving;
using ServeFlow.Sinks;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>
/// How fast one worker takes packets from memory to records that nobody keeps: the whole serving path, without the
/// disk. The first replay warms the code and is not counted.
/// </summary>
sealed class ReplayRate
{
    readonly CascadePlan plan;
    readonly Account account;
    readonly TimeSpan elapsed;
    readonly long allocated;

    ReplayRate(CascadePlan plan, Account account, TimeSpan elapsed, long allocated)
    {
        this.plan = plan;
        this.account = account;
        this.elapsed = elapsed;
        this.allocated = allocated;
    }

    public double FlowsPerSecond => account.Created / elapsed.TotalSeconds;

    public static ReplayRate Measure(CascadePlan plan, PacketMemory packets, CancellationToken cancel)
    {
        Replay(plan, packets, cancel);
        return Replay(plan, packets, cancel);
    }

    /// <summary>The object that <c>bench rate --json</c> prints.</summary>
    public JsonObject ToJson() => new()
    {
        ["cpu"] = CpuName.Value,
        ["workers"] = 1,
        ["sink"] = "null",
        ["flows"] = account.Created,
        ["packets"] = account.Received,
        ["packets_per_flow"] = Math.Round((double)account.Received / account.Created, 2),
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 4),
        ["flows_per_second"] = Math.Round(FlowsPerSecond),
        ["packets_per_second"] = Math.Round(account.Received / elapsed.TotalSeconds),
        ["flows_per_second_per_core"] = Math.Round(FlowsPerSecond),
        ["ns_per_packet"] = Math.Round(elapsed.TotalNanoseconds / account.Received, 1),
        ["allocated_bytes_per_packet"] = Math.Round((double)allocated / account.Received, 3),
        ["unanswered"] = account.Created - account.Decisions.Total,
        ["tiers"] = new JsonArray([.. plan.Tiers.Select((tier, i) => new JsonObject
        {
            ["name"] = tier.Name,
            ["answered_share"] = (double)account.DecisionsByTier[i] / account.Created,
        })]),
    };

    static ReplayRate Replay(CascadePlan plan, PacketMemory packets, CancellationToken cancel)
    {
        using var sink = new NullSink();
        using var source = packets.Open();
        var worker = new Worker(plan, new(), sink);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        worker.Run(source, cancel);
        worker.Finish();
        return new(plan, worker.Account, Stopwatch.GetElapsedTime(start),
            GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
