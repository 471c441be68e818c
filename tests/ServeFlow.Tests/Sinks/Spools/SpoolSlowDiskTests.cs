using System.Text;
using ServeFlow.Sinks.Spools;
using Xunit;

namespace ServeFlow.Tests.Sinks.Spools;

/// <summary>Spools on a disk that takes its time to confirm what was written, or does not.</summary>
public sealed class SpoolSlowDiskTests : IDisposable
{
    /// <summary>More than a group, less than what may wait in memory: a sixteenth and a quarter of the bound.</summary>
    const int SomeRecords = 1000;

    readonly SpoolFolder folder = new();
    readonly ManualResetEventSlim isFast = new(true);
    readonly ManualResetEventSlim isBusy = new();
    readonly Spool spool;
    volatile bool isBroken;
    int appended;

    public SpoolSlowDiskTests()
    {
        spool = new(new(folder.Path) { MaxBytes = 1 << 20 }, folder.Said.Add)
        {
            Confirm = file =>
            {
                isBusy.Set();
                isFast.Wait();
                if (isBroken)
                {
                    throw new IOException("no disk");
                }

                RandomAccess.FlushToDisk(file);
            },
        };
    }

    public void Dispose()
    {
        isBroken = false;
        isFast.Set();
        spool.Dispose();
        folder.Dispose();
        isFast.Dispose();
        isBusy.Dispose();
    }

    [Fact]
    public void Append_DiskDoesNotConfirm_WaitsForNothingAndCountsNothingAsSpooled()
    {
        isFast.Reset();
        for (var i = 0; i < 10; i++)
        {
            Append(SomeRecords / 10);
            spool.WaitForMemory();
            spool.BeginCommit();
        }

        isBusy.Wait(TestContext.Current.CancellationToken);
        Assert.Equal((0, SomeRecords), (spool.Statistics.Spooled, spool.Uncommitted));
        Assert.Empty(SpoolFolder.Drain(spool));

        isFast.Set();
        spool.Commit();
        Assert.Equal((SomeRecords, 0), (spool.Statistics.Spooled, spool.Uncommitted));
        Assert.Equal(Enumerable.Range(1, SomeRecords), SpoolFolder.Drain(spool).Select(record => record.Value));
    }

    [Fact]
    public void Acknowledge_DiskDoesNotConfirm_WaitsForNothing()
    {
        CommitAndBeginMore();

        Assert.Equal(SomeRecords, SpoolFolder.Drain(spool).Count);
        spool.Rewind();
        Assert.False(spool.IsFull);
        Assert.Equal((SomeRecords, SomeRecords, 0), (spool.Statistics.Spooled, spool.Statistics.Delivered,
            spool.Statistics.Waiting));
    }

    [Fact]
    public async Task WaitForMemory_MoreThanTheBoundWaits_GoesOnOnceTheDiskConfirms()
    {
        isFast.Reset();
        Append(4 * SomeRecords);
        var waits = Task.Run(spool.WaitForMemory, TestContext.Current.CancellationToken);
        isBusy.Wait(TestContext.Current.CancellationToken);
        Assert.False(waits.IsCompleted);

        isFast.Set();
        await waits;
        spool.Commit();
        Assert.Equal(4 * SomeRecords, SpoolFolder.Drain(spool).Count);
    }

    [Fact]
    public void BeginCommit_DiskFails_SaysSoOnceAndTriesAgainAndKeepsEverything()
    {
        isBroken = true;
        Append(SomeRecords);
        Assert.True(SpinWait.SpinUntil(Fails, TimeSpan.FromMinutes(1)));
        Append(SomeRecords);
        Assert.Throws<IOException>(spool.BeginCommit); // tries again by itself
        Assert.Throws<IOException>(spool.Commit);
        Assert.Equal((0, 2 * SomeRecords), (spool.Statistics.Spooled, spool.Uncommitted));

        isBroken = false;
        spool.BeginCommit();
        spool.Commit();
        Assert.Equal(Enumerable.Range(1, 2 * SomeRecords), SpoolFolder.Drain(spool).Select(record => record.Value));

        bool Fails()
        {
            try
            {
                spool.BeginCommit();
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    /// <summary>Records that the disk had not confirmed were not counted; after a kill they may be there or not.
    /// </summary>
    [Fact]
    public void Open_KilledBeforeTheDiskConfirmed_HasAtLeastWhatWasCounted()
    {
        CommitAndBeginMore();
        using var killed = folder.Copy();
        using var next = killed.Open();

        Assert.InRange(next.Statistics.Found, SomeRecords, 2 * SomeRecords);
        SpoolFolder.Fill(next, (int)next.Statistics.Found + 1, 10);
        var found = SpoolFolder.Drain(next);
        Assert.Equal(Enumerable.Range(1, found.Count).Select(i => ((long)i, i)), found);
    }

    /// <summary>Commits some records, and begins to write as many more, which the disk does not confirm.</summary>
    void CommitAndBeginMore()
    {
        Append(SomeRecords);
        spool.Commit();
        isFast.Reset();
        isBusy.Reset();
        Append(SomeRecords);
        spool.BeginCommit();
        isBusy.Wait(TestContext.Current.CancellationToken);
    }

    void Append(int count)
    {
        for (var i = 0; i < count; i++)
        {
            spool.Append(Encoding.ASCII.GetBytes($"{++appended:D100}"));
        }
    }
}
