using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Spools;
using Xunit;

namespace ServeFlow.Tests.Sinks.Spools;

public sealed class SpoolTests : IDisposable
{
    readonly SpoolFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Take_WhatWasCommitted_ComesInOrderWithConsecutiveNumbers()
    {
        using var spool = folder.Open();
        SpoolFolder.Fill(spool, 1, 5000, group: 7, width: 100);

        Assert.Equal(Enumerable.Range(1, 5000).Select(i => ((long)i, i)), SpoolFolder.Drain(spool));
        Assert.Equal((5000, 5000, 0), (spool.Statistics.Spooled, spool.Statistics.Delivered,
            spool.Statistics.Waiting));
    }

    [Fact]
    public async Task WaitForRoom_Full_TellsOnceAndEndsWhenNobodyWaits()
    {
        using var spool = folder.Open();
        while (!spool.IsFull)
        {
            SpoolFolder.Fill(spool, 1, 100, width: 100);
        }

        var waits = Task.Run(spool.WaitForRoom, TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => folder.Said.Count > 0, TimeSpan.FromMinutes(1)));
        Assert.False(waits.IsCompleted);
        spool.EndWait();
        await waits;
        spool.WaitForRoom();

        Assert.Contains("is full: the replay waits until the receiver takes", Assert.Single(folder.Said));
    }

    [Fact]
    public void Take_WhatWasOnlyAppended_IsNotThereYet()
    {
        using var spool = folder.Open();
        spool.Append("1"u8);

        Assert.Empty(SpoolFolder.Drain(spool));
        Assert.Equal(1, spool.Uncommitted);
        spool.Commit();
        Assert.Single(SpoolFolder.Drain(spool));
    }

    [Fact]
    public void Open_Again_DeliversWhatWasNotAcknowledgedUnderTheSameNumbers()
    {
        ulong number;
        var batch = new SpoolBatch();
        using (var spool = folder.Open())
        {
            SpoolFolder.Fill(spool, 1, 3000, group: 500, width: 100);
            spool.Take(batch);
            spool.Acknowledge();
            number = batch.Spool;
            SpoolFolder.Drain(spool, acknowledges: false);
        }

        using var again = folder.Open();
        var acknowledged = batch.Count;
        Assert.InRange(acknowledged, 1, 2999);
        Assert.Equal(3000 - acknowledged, again.Statistics.Found);
        SpoolFolder.Fill(again, 3001, 10);
        Assert.Equal(Enumerable.Range(acknowledged + 1, 3010 - acknowledged).Select(i => ((long)i, i)),
            SpoolFolder.Drain(again));
        again.Take(batch);
        Assert.Equal((number, 0), (batch.Spool, again.Statistics.Waiting));
    }

    [Fact]
    public void Acknowledge_Everything_RemovesTheSegments()
    {
        using (var spool = folder.Open())
        {
            SpoolFolder.Fill(spool, 1, 5000, group: 100, width: 100);
            Assert.InRange(folder.Segments.Count, 3, 8);
            SpoolFolder.Drain(spool);
            Assert.Single(folder.Segments);
        }

        using var again = folder.Open();
        Assert.Empty(folder.Segments);
        SpoolFolder.Fill(again, 5001, 1);
        Assert.Equal([(5001, 5001)], SpoolFolder.Drain(again));
    }

    [Fact]
    public void Commit_MoreThanTheBound_DropsTheOldestAndCountsThem()
    {
        using var spool = folder.Open();
        for (var i = 0; i < 20_000; i += 100)
        {
            SpoolFolder.Fill(spool, i + 1, 100, width: 100);
            Assert.InRange(new DirectoryInfo(folder.Path).GetFiles("*.spool").Sum(file => file.Length), 1, 1 << 20);
        }

        var records = SpoolFolder.Drain(spool);

        var statistics = spool.Statistics;
        Assert.Equal((20_000, 20_000 - records.Count, records.Count, 0), (statistics.Spooled, statistics.Dropped,
            statistics.Delivered, statistics.Waiting));
        Assert.Equal(Enumerable.Range(20_001 - records.Count, records.Count), records.Select(record => record.Value));
        Assert.Contains("is full", Assert.Single(folder.Said), StringComparison.Ordinal);
    }

    [Fact]
    public void Rewind_WhatTheBoundDroppedMeanwhile_IsCountedOnce()
    {
        using var spool = folder.Open();
        SpoolFolder.Fill(spool, 1, 3000, group: 100, width: 100);
        var sent = SpoolFolder.Drain(spool, acknowledges: false);
        SpoolFolder.Fill(spool, 3001, 15_000, group: 100, width: 100);
        Assert.Equal(18_000, spool.Statistics.Waiting + spool.Statistics.Dropped);

        spool.Rewind();
        var rest = SpoolFolder.Drain(spool);

        Assert.Equal(3000, sent.Count);
        Assert.Equal((18_000 - rest.Count, rest.Count, 0), (spool.Statistics.Dropped, spool.Statistics.Delivered,
            spool.Statistics.Waiting));
    }

    /// <summary>A batch that ends where the oldest segment begins is gone as a whole.</summary>
    [Fact]
    public void Rewind_TheBoundDroppedTheVerySegmentThatWasSent_CountsAllOfIt()
    {
        using var spool = folder.Open();
        SpoolFolder.Fill(spool, 1, 900, width: 100);
        var batch = new SpoolBatch();
        spool.Take(batch);
        SpoolFolder.Fill(spool, 901, 9_000, group: 1000, width: 100);
        Assert.Equal(900, batch.Count);
        Assert.Equal((0, 9_900), (spool.Statistics.Dropped, spool.Statistics.Waiting));
        Assert.Equal("00000000000000000901.spool", Path.GetFileName(folder.Segments[0]));

        spool.Rewind();

        Assert.Equal((900, 9_000), (spool.Statistics.Dropped, spool.Statistics.Waiting));
        Assert.Equal(9_000, SpoolFolder.Drain(spool).Count);
        Assert.Equal(0, spool.Statistics.Waiting);
    }

    /// <summary>Where the next group drops only what was sent, nobody has to wait for room.</summary>
    [Fact]
    public void IsFull_TheOldestSegmentWasSent_IsNotFull()
    {
        using var spool = folder.Open();
        SpoolFolder.Fill(spool, 1, 900, width: 100);
        SpoolFolder.Fill(spool, 901, 7_000, group: 1000, width: 100);
        Assert.True(spool.IsFull);
        var batch = new SpoolBatch();
        spool.Take(batch);

        Assert.Equal(900, batch.Count);
        Assert.False(spool.IsFull);
    }

    [Fact]
    public void Acknowledge_AfterTheBoundDroppedWhatWasSent_CountsItAsDelivered()
    {
        using var spool = folder.Open();
        SpoolFolder.Fill(spool, 1, 100, width: 100);
        var batch = new SpoolBatch();
        spool.Take(batch);
        SpoolFolder.Fill(spool, 101, 12_000, group: 100, width: 100);

        spool.Acknowledge();
        var rest = SpoolFolder.Drain(spool);

        Assert.Equal(100, batch.Count);
        Assert.Equal((100 + rest.Count, 12_000 - rest.Count, 0), (spool.Statistics.Delivered,
            spool.Statistics.Dropped, spool.Statistics.Waiting));
    }

    [Fact]
    public void Open_TwoOwners_TheSecondIsRefused()
    {
        using var spool = folder.Open();

        Assert.Throws<FileInUseException>(() => folder.Open());
    }

    [Fact]
    public void Open_PositionIsDamaged_DeliversEverythingAgainUnderTheSameNumbers()
    {
        var batch = new SpoolBatch();
        using (var spool = folder.Open())
        {
            SpoolFolder.Fill(spool, 1, 10);
            spool.Take(batch);
            spool.Acknowledge();
            SpoolFolder.Fill(spool, 11, 10);
        }

        var number = batch.Spool;
        var position = Path.Combine(folder.Path, "position");
        File.WriteAllBytes(position, [.. Enumerable.Repeat((byte)0xff, (int)new FileInfo(position).Length)]);
        using var again = folder.Open();

        Assert.Equal(20, SpoolFolder.Drain(again, acknowledges: false).Count);
        again.Rewind();
        again.Take(batch);
        Assert.Equal(number, batch.Spool);
        Assert.Contains("position: is damaged", Assert.Single(folder.Said), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoFilesOfOurs_AreLeftAlone()
    {
        File.WriteAllText(Path.Combine(folder.Path, "notes.spool"), "mine");
        File.WriteAllText(Path.Combine(folder.Path, "00000000000000000001.txt"), "mine");

        using (var spool = folder.Open())
        {
            SpoolFolder.Fill(spool, 1, 5);
            Assert.Equal(5, SpoolFolder.Drain(spool).Count);
        }

        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder.Path, "notes.spool")));
    }
}
