using ServeFlow.Serving.Workers;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>What a worker counts of its tiers' queues and batches.</summary>
public sealed class WorkerQueueTests
{
    [Fact]
    public void Waiting_FlowsOfEachTier_AreThoseThatAreUndecided()
    {
        using var log = new RecordLog();
        var worker = new Worker(Plan(1, 3), new(), log);

        Take(worker, new MemorySource().Udp(0, 1000, UnsureEven).Udp(1, 1001, SureOdd).Udp(2, 1002, UnsureOdd));
        Assert.Equal([0, 2], worker.Account.Waiting.ToArray());
        Assert.Equal(2, worker.Account.Undecided);

        Take(worker, new MemorySource().Udp(3, 1000, SureOdd).Udp(4, 1000, SureOdd));
        Assert.Equal([0, 1], worker.Account.Waiting.ToArray());

        worker.Finish();
        Assert.Equal([0, 0], worker.Account.Waiting.ToArray());
        Assert.True(worker.Account.Balances);
    }

    [Fact]
    public void Waiting_FirstTierThatNeedsPackets_CountsFlowsThatCollectThem()
    {
        using var log = new RecordLog();
        var worker = new Worker(Plan(2, 3), new(), log);

        Take(worker, new MemorySource().Udp(0, 1000, UnsureEven).Udp(1, 1001, SureOdd));

        Assert.Equal([2, 0], worker.Account.Waiting.ToArray());
    }

    [Fact]
    public void Batches_EachScoredOnce_HaveTheFlowsThatTheTierSaw()
    {
        using var log = new RecordLog();
        var worker = new Worker(Plan(1, 3), new(), log);

        Take(worker, new MemorySource().Udp(0, 1000, UnsureEven).Udp(1, 1001, SureOdd).Udp(2, 1002, UnsureOdd));
        worker.Finish();

        var account = worker.Account;
        Assert.Equal((3, 2), (account.BatchSizes.Sum(0), account.BatchSizes.Sum(1)));
        Assert.Equal(1, account.BatchSizes.Counts(0)[2]);
        Assert.Equal(account.BatchSizes.Counts(0).Sum() + account.BatchSizes.Counts(1).Sum(),
            account.BatchSeconds.Counts(0).Sum());
        Assert.True(account.BatchSeconds.Sum(0) > 0);
    }

    static void Take(Worker worker, MemorySource source) => worker.Run(source, TestContext.Current.CancellationToken);
}
