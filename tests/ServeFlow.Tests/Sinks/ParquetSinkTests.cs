using Parquet;
using Parquet.Schema;
using ServeFlow.Export.Records;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Sinks;

public sealed class ParquetSinkTests
{
    [Fact]
    public async Task Dispose_Sample_HasTheColumnsAndRowsOfCsv()
    {
        using var stream = Sample();
        await using var reader =
            await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(FlowColumns.Flattened.Select(column => column.Name), reader.Schema.DataFields.Select(f => f.Name));
        using var group = reader.OpenRowGroupReader(0);
        Assert.Equal(8, group.RowCount);
    }

    [Fact]
    public async Task Dispose_Times_AreMicrosecondsInUtc()
    {
        using var stream = Sample();
        await using var reader =
            await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);

        var field = Assert.IsType<DateTimeDataField>(reader.Schema.DataFields.Single(f => f.Name == "flow_start"));
        Assert.Equal(DateTimeTimeUnit.Micros, field.Unit);
        Assert.True(field.IsAdjustedToUTC);
    }

    [Fact]
    public async Task CompletePart_Directory_GivesAWholeFileWhileRecordsKeepComing()
    {
        var folder = Directory.CreateTempSubdirectory("serveflow-parquet-").FullName;
        var killed = Path.Combine(folder, $"flows-20200101-000000.parquet.{new string('0', 32)}.partial");
        await File.WriteAllTextAsync(killed, "PAR1", TestContext.Current.CancellationToken);
        try
        {
            using var first = new ParquetFiles(folder, SampleRecords.Plan, new());
            using var second = new ParquetFiles(folder, SampleRecords.Plan, new());
            SampleRecords.Write(first);
            SampleRecords.Write(second);
            first.CompletePart();
            second.CompletePart();
            first.CompletePart();
            SampleRecords.Write(first);

            Assert.False(File.Exists(killed));
            var files = Directory.GetFiles(folder, "*.parquet");
            Assert.Equal(2, files.Length); // of one name, but for a number
            foreach (var file in files)
            {
                Assert.Equal(8, await CountRowsAsync(file));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task CompletePart_DirectoryWasRemoved_IsMadeAgainWithAllRows()
    {
        var folder = Directory.CreateTempSubdirectory("serveflow-parquet-").FullName;
        try
        {
            using var sink = new ParquetFiles(folder, SampleRecords.Plan, new());
            SampleRecords.Write(sink);
            Directory.Delete(folder, recursive: true);
            sink.CompletePart();
            Assert.Equal(8, await CountRowsAsync(Assert.Single(Directory.GetFiles(folder))));
            Directory.Delete(folder, recursive: true);
            SampleRecords.Write(sink);
            sink.CompletePart();
            Assert.Equal(8, await CountRowsAsync(Assert.Single(Directory.GetFiles(folder))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<long> CountRowsAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        await using var reader = await ParquetReader.CreateAsync(stream,
            cancellationToken: TestContext.Current.CancellationToken);
        using var group = reader.OpenRowGroupReader(0);
        return group.RowCount;
    }

    static MemoryStream Sample()
    {
        var stream = new MemoryStream();
        using (var sink = new ParquetSink(stream, SampleRecords.Plan, new()))
        {
            SampleRecords.Write(sink);
        }

        stream.Position = 0;
        return stream;
    }
}
