using Parquet.Schema;
using Parquet;
using ServeFlow.Export.Matrices;
using ServeFlow.Features.Matrices;
using Xunit;

namespace ServeFlow.Tests.Matrices;

public sealed class ParquetMatrixWriterTests
{
    [Theory]
    [InlineData(1 << 20, 1)]
    [InlineData(2 * 34, 2)]
    public async Task Write_LabelledBits_EveryColumnReadsBack(int rowGroupValues, int rowGroups)
    {
        var layout = MatrixFixture.Bits;
        await using var reader = await Write(layout, rowGroupValues);

        Assert.Equal(rowGroups, reader.RowGroupCount);
        Assert.Equal(["pcap", "src", "sport", "dst", "dport", "proto", "first_ts", "label", .. layout.Names],
            reader.Schema.DataFields.Select(field => field.Name));
        Assert.Equal(MatrixFixture.Rows.Select(row => row.Capture), await Texts(reader, "pcap"));
        Assert.Equal(["tcp", "icmp6", "132"], await Texts(reader, "proto"));
        Assert.Equal(["zoom", "dns", "zoom"], await Texts(reader, "label"));
        var ports = await Values<ushort>(reader, "sport");
        Assert.Equal([50000, 50001, 50002], ports);
        Assert.Equal(DateTime.UnixEpoch.AddTicks(MatrixFixture.FirstNs / 100),
            (await Values<DateTime>(reader, "first_ts"))[0]);
        foreach (var (column, name) in layout.Names.Index())
        {
            Assert.Equal(Enumerable.Range(0, 3).Select(row => (sbyte)MatrixFixture.Value(layout, row, column)),
                await Values<sbyte>(reader, name));
        }
    }

    [Fact]
    public async Task Write_Numbers_AreFloatsBesideBits()
    {
        var layout = MatrixFixture.Numbers;
        await using var reader = await Write(layout, 1 << 20);

        Assert.Equal(typeof(float), reader.Schema.FindDataField("p2_iat_us").ClrType);
        Assert.Equal(typeof(sbyte), reader.Schema.FindDataField("p2_udp_len_0").ClrType);
        var gaps = await Values<float>(reader, "p2_iat_us");
        Assert.Equal([35, 100_035, 200_035], gaps);
        Assert.Equal(layout.Schema.Hash, reader.CustomMetadata["serveflow.schema"]);
    }

    [Fact]
    public void Schema_Timestamps_AreUtcMicroseconds()
    {
        using var output = new MemoryStream();
        using var writer = new ParquetMatrixWriter(output, MatrixFixture.Bits);

        var field = Assert.IsType<DateTimeDataField>(writer.Schema.FindDataField("first_ts"));
        Assert.Equal((true, DateTimeTimeUnit.Micros), (field.IsAdjustedToUTC, field.Unit));
    }

    static async Task<ParquetReader> Write(MatrixLayout layout, int rowGroupValues)
    {
        using var output = new MemoryStream();
        using var writer = new ParquetMatrixWriter(output, layout, rowGroupValues);
        MatrixFixture.Write(writer, layout);
        return await ParquetReader.CreateAsync(new MemoryStream(output.ToArray()));
    }

    static async Task<string[]> Texts(ParquetReader reader, string name)
    {
        var values = new List<string>();
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var texts = new string[group.RowCount];
            await group.ReadAsync(reader.Schema.FindDataField(name), texts);
            values.AddRange(texts);
        }

        return [.. values];
    }

    static async Task<T[]> Values<T>(ParquetReader reader, string name) where T : struct
    {
        var values = new List<T>();
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var numbers = new T[group.RowCount];
            await group.ReadAsync<T>(reader.Schema.FindDataField(name), numbers.AsMemory());
            values.AddRange(numbers);
        }

        return [.. values];
    }
}
