using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cluster;
using ServeFlow.Cluster.Messages;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>Tests which batches a worker scores, and which it refuses.</summary>
public sealed class WorkerTiersTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-worker-").FullName;
    readonly CascadePlan plan;

    public WorkerTiersTests()
    {
        SmallBundle.Write(Path.Combine(folder, "iot"));
        plan = Bundle.Load(Path.Combine(folder, "iot")).Plan;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "")]
    [InlineData(1, "01")]
    [InlineData(1, "0100")]
    [InlineData(1, "ffff00")]
    [InlineData(1, "01000009")]
    [InlineData(1, "0100020801020304050607080900")]
    [InlineData(1, "010000080102030405060708ff")]
    [InlineData(513, "010000080102030405060708")]
    [InlineData(-5, "010000080102030405060708")]
    public async Task Score_BatchOfWrongShape_IsRefusedAndCounted(int flows, string rows)
    {
        var tiers = new WorkerTiers([plan], 1);

        var answer = await tiers.ScoreAsync(TierKey.Compute(plan), new()
        {
            Flows = flows,
            Rows = Convert.FromHexString(rows),
            Left = TimeSpan.FromSeconds(1),
        });
        Assert.Equal(TierStatus.Malformed, answer.Status);
        Assert.Contains($"the batch of {flows} flows in {rows.Length / 2} bytes is none of 'slow' of iot 1",
            answer.Problem, StringComparison.Ordinal);
        Assert.Contains($"{Math.Clamp(flows, 0, 512)} malformed", tiers.Counts.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MinValue)]
    public async Task Score_BatchWhoseTimeIsOver_IsNotScored(long ticks)
    {
        var tiers = new WorkerTiers([plan], 1);

        var answer = await tiers.ScoreAsync(TierKey.Compute(plan),
            new() { Flows = 1, Left = TimeSpan.FromTicks(ticks) });
        Assert.Equal(TierStatus.Late, answer.Status); // and not malformed, which it is too
    }
}
