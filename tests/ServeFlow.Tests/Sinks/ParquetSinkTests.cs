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
