using Parquet;
using ServeFlow.Export.Records;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Tests.Serving;
using Xunit;

namespace ServeFlow.Tests.Sinks;

/// <summary>A single Parquet file can be read after every part, whatever happens to its writer.</summary>
public sealed class GrowingParquetSinkTests : IDisposable
{
    /// <summary>Rows that the sample gives.</summary>
    const int SampleRows = 8;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-growing-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Target => Path.Combine(folder, "flows.parquet");

    [Fact]
    public async Task CompletePart_Again_TheFileHasAllRowsSoFarInFewGroups()
    {
        using var sink = new GrowingParquetSink(Target, SampleRecords.Plan, new());
        Assert.False(File.Exists(Target));
        for (var part = 1; part <= 20; part++)
        {
            WriteSample(sink);
            Assert.Equal(SampleRows, sink.Pending);
            sink.CompletePart();

            Assert.Equal(0, sink.Pending);
            Assert.Equal((1, part * SampleRows), await ReadAsync(Target));
            Assert.Equal(new FileInfo(Target).Length, sink.Bytes);
        }
    }

    [Fact]
    public async Task Write_MoreThanAGroup_GroupsAreFullAndNothingIsLost()
    {
        var rows = 0;
        using (var sink = new GrowingParquetSink(Target, SampleRecords.Plan, new()))
        {
            var parts = new Random(3);
            while (rows < 1.2 * ParquetRows.GroupRows)
            {
                WriteSample(sink);
                rows += SampleRows;
                if (parts.Next(6000) == 0 && rows > ParquetRows.GroupRows / 2)
                {
                    sink.CompletePart();
                    Assert.Equal(rows, (await ReadAsync(Target)).Rows);
                }
            }
        }

        Assert.Equal((2, rows), await ReadAsync(Target));
        Assert.Equal(["flows.parquet"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Dispose_AsOneFile_HasTheRowsOfTheOrdinaryWriter()
    {
        using (var sink = new GrowingParquetSink(Target, SampleRecords.Plan, new()))
        {
            WriteSample(sink);
        }

        using var stream = new MemoryStream();
        using (var sink = new ParquetSink(stream, SampleRecords.Plan, new()))
        {
            WriteSample(sink);
        }

        Assert.Equal(stream.ToArray(), await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Open_WhileAnotherWrites_IsRefused()
    {
        using var sink = new GrowingParquetSink(Target, SampleRecords.Plan, new());

        Assert.Throws<FileInUseException>(() => new GrowingParquetSink(Target, SampleRecords.Plan, new()));
    }

    /// <summary>Killed in the middle of writing the end over: the journal has the new one.</summary>
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    public async Task Open_AfterAKilledRun_PutsItsFileInOrderUnderAFreeName(int cut, int parts)
    {
        var (before, after) = (Write(1), Write(2));
        var journal = ParquetJournal.Open(Target, out _);
        journal.Write(4, after.AsSpan(4));
        journal.Dispose();
        await File.WriteAllBytesAsync(Target, cut > 0 ? before : [.. after[..^100]],
            TestContext.Current.CancellationToken);
        using (var end = File.OpenWrite(Target + ParquetJournal.Extension))
        {
            end.SetLength(end.Length - cut);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "flows-2.parquet"), "",
            TestContext.Current.CancellationToken);
        using var sink = new GrowingParquetSink(Target, SampleRecords.Plan, new());

        Assert.Equal(Path.Combine(folder, "flows-3.parquet"), sink.Rescued);
        Assert.Equal((1, parts * SampleRows), await ReadAsync(sink.Rescued!));
        Assert.False(File.Exists(Target));
    }

    /// <summary>Killed before its first part, it had no file: the one that is there is an older run's.</summary>
    [Fact]
    public void Open_AfterARunKilledBeforeItsFirstPart_LeavesTheOlderFile()
    {
        Write(1);
        ParquetJournal.Open(Target, out _).Dispose();
        File.WriteAllText($"{Target}.{new string('0', 32)}.partial", "");
        using var sink = new GrowingParquetSink(Target, SampleRecords.Plan, new());

        Assert.Null(sink.Rescued);
        Assert.True(File.Exists(Target));
        Assert.Empty(Directory.GetFiles(folder, "*.partial"));
    }

    [Fact]
    public void Open_ForeignJournal_IsLeftAlone()
    {
        File.WriteAllText(Target + ParquetJournal.Extension, "dear diary");

        Assert.Throws<IOException>(() => new GrowingParquetSink(Target, SampleRecords.Plan, new()));
        Assert.Equal("dear diary", File.ReadAllText(Target + ParquetJournal.Extension));
    }

    [Fact]
    public async Task Reopen_FileMoved_GoesOnInANewOne()
    {
        var moved = Path.Combine(folder, "flows.parquet.1");
        using var sink = new GrowingParquetSink(Target, SampleRecords.Plan, new());
        WriteSample(sink);
        sink.CompletePart();
        sink.Reopen(); // nothing was moved
        WriteSample(sink);
        File.Move(Target, moved);
        WriteSample(sink);
        sink.Reopen();
        WriteSample(sink);
        sink.CompletePart();

        Assert.Equal((1, 3 * SampleRows), await ReadAsync(moved));
        Assert.Equal((1, SampleRows), await ReadAsync(Target));
    }

    [Fact]
    public async Task Write_MaximumBytes_AreNearlyUsedAndNeverPassed()
    {
        const long Most = 50_000;
        var limits = new RecordLimits { Bytes = Most };
        var streamed = Path.Combine(folder, "streamed.parquet");
        var directory = Directory.CreateDirectory(Path.Combine(folder, "many")).FullName;
        await using var stream = File.Create(streamed);
        foreach (var inner in new IRecordSink[]
        {
            new GrowingParquetSink(Target, SampleRecords.Plan, new()),
            new ParquetSink(stream, SampleRecords.Plan, new()),
            new ParquetFiles(directory, SampleRecords.Plan, new()),
        })
        {
            using var sink = new LimitedSink(inner, limits);
            while (sink.LeftOut.Total < 10 * SampleRows)
            {
                WriteSample(sink);
            }
        }

        await stream.FlushAsync(TestContext.Current.CancellationToken);
        Assert.InRange(new FileInfo(Target).Length, Most * 8 / 10, Most);
        Assert.InRange(new FileInfo(streamed).Length, Most / 4, Most);
        Assert.InRange(Directory.GetFiles(directory).Sum(file => new FileInfo(file).Length), Most / 4, Most);
    }

    /// <summary>The records of the sample, made once.</summary>
    static readonly FlowRecord[] Sample = RecordSample();

    static FlowRecord[] RecordSample()
    {
        using var kept = new RecordLog();
        SampleRecords.Write(kept);
        return [.. kept.Records];
    }

    static void WriteSample(IRecordSink sink)
    {
        sink.BeginCapture("sample.pcap");
        foreach (var record in Sample)
        {
            sink.Write(record);
        }
    }

    byte[] Write(int parts)
    {
        using (var sink = new GrowingParquetSink(Target, SampleRecords.Plan, new()))
        {
            for (var i = 0; i < parts; i++)
            {
                WriteSample(sink);
            }
        }

        return File.ReadAllBytes(Target);
    }

    static async Task<(int Groups, long Rows)> ReadAsync(string path)
    {
        await using var stream = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        await using var reader = await ParquetReader.CreateAsync(stream);
        var rows = 0L;
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            rows += group.RowCount;
            var texts = new string[group.RowCount];
            await group.ReadAsync(reader.Schema.DataFields.Single(field => field.Name == "src_ip"), texts);
            Assert.All(texts, text => Assert.NotEmpty(text));
        }

        return (reader.RowGroupCount, rows);
    }
}
