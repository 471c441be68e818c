using ServeFlow.Cascade;
using ServeFlow.Cluster;
using ServeFlow.Cluster.Messages;
using ServeFlow.Features;
using ServeFlow.Serving.RemoteTiers;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>Tests how batches of several calls become runs of a model.</summary>
public sealed class RunQueueTests : IDisposable
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    /// <summary>Limits how long a test waits for what ought to come at once, and ends long before
    /// <see cref="Long"/>.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-runs-").FullName;
    readonly CascadePlan plan;
    readonly CascadePlan other;

    /// <summary>Scores one run after the other, and none while a test gives batches.</summary>
    readonly TaskScheduler oneByOne = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    public RunQueueTests()
    {
        plan = Write("iot", 0.99);
        other = Write("other", 0.8);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 3)]
    [InlineData(512, 1)]
    public async Task Score_BatchesWaitTogether_GatherToRunsThatAreFullAtMost(int flows, int runs)
    {
        var tiers = Open(new() { Flows = flows });

        var answers = await Give(tiers, [.. Enumerable.Range(0, 5).Select(i => Batch(plan, 3 * i, 3))]);

        Assert.All(answers, (answer, i) => Assert.Equal(Scores(3 * i, 3), answer.Probabilities));
        Assert.Equal((5, runs), (tiers.Counts.Batches, tiers.Counts.Runs));
    }

    [Fact]
    public async Task Score_BatchesOfTwoTiers_AreRunsOfTheirOwn()
    {
        var tiers = Open(new() { Flows = 512 });

        var answers = await Give(tiers, Batch(plan, 0, 2), Batch(other, 2, 2), Batch(plan, 4, 2));

        Assert.Equal([Scores(0, 2), Scores(2, 2, other), Scores(4, 2)], answers.Select(answer => answer.Probabilities));
        Assert.Equal(2, tiers.Counts.Runs);
    }

    [Fact]
    public async Task Score_OneBatchOfARunIsNone_OthersAreAnswered()
    {
        var tiers = Open(new() { Flows = 512 });
        var none = new TierRequest { Tier = TierKey.Compute(plan), Flows = 1, Rows = [1, 0, 0], Left = Long };

        var answers = await Give(tiers, Batch(plan, 0, 2), none, Batch(plan, 2, 2));

        Assert.Equal([TierStatus.Answered, TierStatus.Malformed, TierStatus.Answered],
            answers.Select(answer => answer.Status));
        Assert.Equal([Scores(0, 2), [], Scores(2, 2)], answers.Select(answer => answer.Probabilities));
    }

    [Fact]
    public async Task Score_OneBatchOfARunIsLate_OthersAreScored()
    {
        var tiers = Open(new() { Flows = 512 });

        var answers = await Give(tiers, Batch(plan, 0, 2, TimeSpan.Zero), Batch(plan, 2, 2));

        Assert.Equal([TierStatus.Late, TierStatus.Answered], answers.Select(answer => answer.Status));
        Assert.Equal(1, tiers.Counts.Runs);
    }

    [Fact]
    public async Task Score_NothingElseCameAtATime_DoesNotWait()
    {
        var tiers = Open(new() { Flows = 512, Wait = Long });

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(TierStatus.Answered, (await Give(tiers, Batch(plan, i, 1)))[0].Status);
        }
    }

    [Fact]
    public async Task Score_OthersCameBefore_WaitsForThemToCome()
    {
        var tiers = Open(new() { Flows = 512, Wait = Long });
        await Give(tiers, Batch(plan, 0, 1), Batch(plan, 1, 1), Batch(plan, 2, 1));

        var first = Give(tiers, Batch(plan, 0, 1));
        var second = Give(tiers, Batch(plan, 1, 1));
        Assert.False(first.IsCompleted || second.IsCompleted);
        var third = Give(tiers, Batch(plan, 2, 1));

        Assert.All(await Task.WhenAll(first, second, third),
            (answers, i) => Assert.Equal(Scores(i, 1), answers[0].Probabilities));
        Assert.Equal((6, 2), (tiers.Counts.Batches, tiers.Counts.Runs));
    }

    [Fact]
    public async Task Score_AnotherTiersBatchComes_IsNotKeptWaiting()
    {
        var tiers = Open(new() { Flows = 512, Wait = Long });
        await Give(tiers, Batch(plan, 0, 1), Batch(plan, 1, 1));

        var first = Give(tiers, Batch(plan, 0, 1));
        var second = Give(tiers, Batch(other, 1, 1));

        Assert.Equal(Scores(0, 1), (await first)[0].Probabilities);
        Assert.Equal(Scores(1, 1, other), (await second)[0].Probabilities);
    }

    [Fact]
    public async Task Score_DeadlineIsNear_WaitsForAPartOfIt()
    {
        var tiers = Open(new() { Flows = 512, Wait = Long });
        await Give(tiers, Batch(plan, 0, 1), Batch(plan, 1, 1));

        await Give(tiers, Batch(plan, 0, 1, TimeSpan.FromMilliseconds(500)));
    }

    [Fact]
    public void MayCome_FewerCameForLong_ForgetsThatMoreCame()
    {
        var pace = new TierPace();
        pace.Arrive();
        pace.Arrive();
        pace.Leave(2, 2, TimeSpan.FromMilliseconds(1));
        Assert.True(pace.MayCome);

        for (var run = 0; run < 200; run++)
        {
            pace.Arrive();
            pace.Leave(1, 1, TimeSpan.FromMilliseconds(1));
        }

        pace.Arrive();
        Assert.False(pace.MayCome);
    }

    [Fact]
    public void TryAdd_RunWouldBeOverTooLate_LeavesTheBatchOut()
    {
        var tier = new ServedTier(plan);
        tier.Pace.Leave(0, 1, TimeSpan.FromSeconds(1));
        var run = new TierRun(new(tier, Batch(plan, 0, 1, TimeSpan.FromSeconds(100))),
            new() { Flows = 512 });

        Assert.False(run.TryAdd(new(tier, Batch(plan, 0, 1, TimeSpan.FromSeconds(1)))));
        Assert.True(run.TryAdd(new(tier, Batch(plan, 0, 1, Long))));
        Assert.False(run.TryAdd(new(tier, Batch(plan, 0, 200, Long))));
        Assert.Equal(2, run.Flows);
    }

    WorkerTiers Open(GatherOptions gather) => new([plan, other], 1, gather, oneByOne);

    /// <summary>Gives batches before any of them is scored; waits for the answers.</summary>
    async Task<TierAnswer[]> Give(WorkerTiers tiers, params TierRequest[] batches)
    {
        var answers = await Task.Factory.StartNew(
            () => batches.Select(batch => tiers.ScoreAsync(batch.Tier, batch)).ToArray(), CancellationToken.None,
            TaskCreationOptions.None, oneByOne);
        return await Task.WhenAll(answers).WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    /// <summary>Makes a batch of numbered flows.</summary>
    static TierRequest Batch(CascadePlan of, int first, int flows, TimeSpan? left = null)
    {
        var batch = new RemoteBatch(null!, of.Tiers[^1].PacketDepth, 2);
        batch.Begin(Long);
        for (var flow = first; flow < first + flows; flow++)
        {
            batch.Add([Flow(flow)]);
        }

        return new()
        {
            Tier = TierKey.Compute(of),
            Flows = flows,
            Rows = PackedBatch.Write(batch, new(of.Schema)),
            Left = left ?? Long,
        };
    }

    /// <summary>Scores flows one after the other, without a worker.</summary>
    byte[] Scores(int first, int flows, CascadePlan? of = null)
    {
        var scorer = (of ?? plan).Tiers[^1].CreateScorer();
        var row = new float[2];
        return [.. Enumerable.Range(first, flows).SelectMany(flow =>
        {
            scorer.Begin(1);
            scorer.Add(0, [Flow(flow)]);
            scorer.Score(1, row);
            return row.SelectMany(BitConverter.GetBytes).ToArray();
        })];
    }

    static HeaderRecord Flow(int number)
    {
        var packet = new HeaderRecord { UdpLength = 8 };
        packet.Bits[HeaderRecord.UdpOffset + 1] = (byte)(number * 37);
        return packet;
    }

    CascadePlan Write(string name, double sure) => SmallBundle.WritePlan(Path.Combine(folder, name), sure);
}
