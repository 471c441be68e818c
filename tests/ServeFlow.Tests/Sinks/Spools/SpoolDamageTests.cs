using CsCheck;
using Xunit;

namespace ServeFlow.Tests.Sinks.Spools;

/// <summary>Spools whose files are torn, damaged, taken away, or on a disk that is full.</summary>
public sealed class SpoolDamageTests : IDisposable
{
    const int Records = 60;

    readonly SpoolFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>What a kill in the middle of a write leaves, wherever it comes.</summary>
    [Fact]
    public void Open_CutAtAnyByte_KeepsEveryWholeRecordAndNothingElse()
    {
        var length = FillOneSegment();
        for (var cut = 0; cut < length; cut++)
        {
            using var copy = folder.Copy();
            using (var file = File.OpenWrite(copy.Segments[0]))
            {
                file.SetLength(cut);
            }

            using var spool = copy.Open();
            var whole = (int)Math.Max(0, (cut - 32L) / 14);
            Assert.Equal(whole, spool.Statistics.Found);
            Assert.Equal(cut - (whole == 0 ? 0 : 32 + (14 * whole)) - (whole == 0 ? Math.Min(cut, 32) : 0),
                spool.Statistics.CutBytes);
            SpoolFolder.Fill(spool, whole + 10, 2, width: 2);
            Assert.Equal([.. Enumerable.Range(10, whole + 2)], SpoolFolder.Drain(spool).Select(one => one.Value));
        }
    }

    [Fact]
    public void Take_AnyByteChanged_LosesAtMostThatRecordAndCountsIt()
    {
        FillOneSegment();
        Gen.Select(Gen.Int[0, 31 + (14 * Records)], Gen.Byte[1, 255]).Sample((at, change) =>
        {
            using var copy = folder.Copy();
            Change(copy.Segments[0], at, change);
            using var spool = copy.Open();
            var read = SpoolFolder.Drain(spool).Count;
            var statistics = spool.Statistics;
            Assert.InRange(read, Records - 1, Records);
            Assert.Equal((read, 0), (statistics.Delivered, statistics.Waiting));
            Assert.True(read == Records || statistics.Damaged == 1 || statistics.CutBytes == 14);
        }, iter: 300);
    }

    [Fact]
    public void Take_SegmentOfRubbish_IsSkippedNamedAndCounted()
    {
        using (var first = folder.Open())
        {
            SpoolFolder.Fill(first, 1, 5000, group: 100, width: 100);
        }

        var second = folder.Segments[1];
        var (from, to) = (Number(second), Number(folder.Segments[2]));
        File.WriteAllBytes(second, [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))]);

        using var spool = folder.Open();
        var records = SpoolFolder.Drain(spool);

        Assert.Equal([.. Enumerable.Range(1, from - 1), .. Enumerable.Range(to, 5001 - to)],
            records.Select(record => record.Value));
        Assert.Equal((to - from, 0), (spool.Statistics.Damaged, spool.Statistics.Waiting));
        Assert.Contains($"{second}: is damaged: {to - from:N0} records", Assert.Single(folder.Said),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Take_FilesTakenAwayWhileItRuns_AreCountedAndItGoesOn()
    {
        using var spool = folder.Open();
        SpoolFolder.Fill(spool, 1, 100);
        Directory.Delete(folder.Path, recursive: true);

        Assert.Empty(SpoolFolder.Drain(spool));
        SpoolFolder.Fill(spool, 101, 100);
        var records = SpoolFolder.Drain(spool);

        Assert.Equal(Enumerable.Range(101, 100), records.Select(record => record.Value));
        Assert.Equal((100, 100, 0), (spool.Statistics.Damaged, spool.Statistics.Delivered,
            spool.Statistics.Waiting));
        Assert.Contains("is gone", Assert.Single(folder.Said), StringComparison.Ordinal);
    }

    [Fact]
    public void Commit_DiskIsFull_KeepsEverythingUntilThereIsRoom()
    {
        using var disk = SmallDisk.Mount(folder.Path, "1m");
        using (var spool = folder.Open(8 << 20))
        {
            SpoolFolder.Fill(spool, 1, 1000, width: 100);
            var filler = Path.Combine(folder.Path, "filler");
            Assert.ThrowsAny<IOException>(() => File.WriteAllBytes(filler, new byte[1 << 20]));

            Assert.ThrowsAny<IOException>(() => SpoolFolder.Fill(spool, 1001, 1000, width: 100));
            Assert.ThrowsAny<IOException>(() => spool.Commit());
            Assert.Equal((1000, 1000), (spool.Statistics.Spooled, spool.Uncommitted));
            File.Delete(filler);
            spool.Commit();

            Assert.Equal(Enumerable.Range(1, 2000), SpoolFolder.Drain(spool).Select(record => record.Value));
            Assert.Equal((2000, 0, 0), (spool.Statistics.Delivered, spool.Statistics.Damaged, spool.Uncommitted));
        }
    }

    /// <summary>Any order of steps, with restarts in between: nothing comes twice but after a restart, nothing is
    /// missing that was not counted.</summary>
    [Fact]
    public void Spool_AnySteps_AccountForEveryRecord() =>
        Gen.Int[0, 99].List[1, 200].Sample(steps =>
        {
            using var copy = new SpoolFolder();
            var model = new SpoolModel(copy);
            steps.ForEach(model.Step);
            model.End();
        }, iter: 60);

    int FillOneSegment()
    {
        using (var spool = folder.Open())
        {
            SpoolFolder.Fill(spool, 10, Records, group: 7, width: 2);
        }

        return (int)new FileInfo(folder.Segments[0]).Length;
    }

    static int Number(string segment) => int.Parse(Path.GetFileNameWithoutExtension(segment));

    static void Change(string path, int at, byte change)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= change;
        File.WriteAllBytes(path, bytes);
    }
}
