using CsCheck;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Tests.Features;

public sealed class RecordFieldTests
{
    static readonly FeatureSchema Everything =
        FeatureSchema.Parse("nprint:ip4,ip6,tcp,udp,icmp+dir+size+iat", "none");

    static readonly string[] Names =
        [.. Enumerable.Range(0, Everything.ColumnsPerPacket).Select(Everything.Field).Distinct()];

    static readonly Gen<string> Name = Gen.Int[0, Names.Length - 1].Select(i => Names[i]);

    [Fact]
    public void Copy_EveryField_GivesItsColumnsAndNoOther() =>
        Gen.Select(Records.Any, Records.Any, Name).Sample((from, to, name) =>
        {
            var field = RecordField.FromName(name);
            if (!field.IsPresent(from) || !field.IsPresent(to))
            {
                return;
            }

            var (source, before) = (Row(from), Row(to));
            field.Copy(from, ref to);
            var after = Row(to);
            for (var c = 0; c < after.Length; c++)
            {
                Assert.Equal(Everything.Field(c) == name ? source[c] : before[c], after[c]);
            }

            Assert.Equal((field.Read(from), field.Format(from)), (field.Read(to), field.Format(to)));
        });

    [Fact]
    public void Clear_EveryField_MakesItsPresentColumns0AndNoOther() =>
        Gen.Select(Records.Any, Name).Sample((record, name) =>
        {
            if (!RecordField.FromName(name).IsPresent(record))
            {
                return;
            }

            var before = Row(record);
            RecordField.FromName(name).Clear(ref record);
            var expected = before.Select((value, c) => Everything.Field(c) == name ? Math.Min(value, 0) : value);
            Assert.Equal(expected, Row(record));
        });

    [Fact]
    public void IsIn_FieldOfBits_WhereItsLastColumnIsPresent() =>
        Gen.Select(Records.Any, Name).Sample((record, name) =>
        {
            var last = Row(record)[Array.FindLastIndex([.. Enumerable.Range(0, Everything.ColumnsPerPacket)],
                c => Everything.Field(c) == name)];
            Assert.True(name.EndsWith("_opt", StringComparison.Ordinal)
                || RecordField.FromName(name).IsPresent(record) == (last != FeatureSchema.Absent));
        });

    [Fact]
    public void Read_FieldOfUpTo64Bits_IsItsColumnsAsANumber() =>
        Gen.Select(Records.Any, Name).Sample((record, name) =>
        {
            var field = RecordField.FromName(name);
            var row = Row(record);
            float[] bits = [.. row.Where((_, c) => Everything.Field(c) == name && c < row.Length - 3)];
            if (bits.Length is > 0 and <= 64 && field.IsPresent(record))
            {
                Assert.Equal(bits.Aggregate(0UL, (number, bit) => (number << 1) | (ulong)bit), field.Read(record));
            }
        });

    [Fact]
    public void Copy_Timestamps_MovesThemToWhereTheOtherRecordHasThem()
    {
        var from = Tcp(1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8);
        var to = Tcp(2, 4, 5, 180, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0);
        var field = RecordField.FromName(RecordField.Timestamps);

        field.Copy(from, ref to);

        Assert.Equal(Row(Tcp(2, 4, 5, 180, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8)), Row(to));
        Assert.Equal(0x0102_0304_0506_0708UL, field.Read(to));
        field.Clear(ref to);
        Assert.Equal(0UL, field.Read(to));
        Assert.False(field.IsPresent(Tcp(1, 1, 8, 10, 1, 2)));
        Assert.False(field.IsPresent(Tcp(2, 4, 5, 180)));
    }

    [Fact]
    public void Text_Values_AreWrittenAsPeopleDo()
    {
        var record = Tcp(2, 4, 5, 180);
        record.Ipv4Length = 20;
        record.Bits[8] = 64;
        record.Bits[12] = 10;
        record.Bits[15] = 7;
        record.Ipv6Length = 40;
        record.Bits[HeaderRecord.Ipv6Offset + 23] = 1;

        string[] names = ["ipv4_ttl", "ipv4_src", "ipv6_src", "tcp_opt", "dir"];
        Assert.Equal(["64", "10.0.0.7", "::1", "0x020405b4", "0"],
            names.Select(name => RecordField.FromName(name).Format(record)));
    }

    [Fact]
    public void Of_UnknownName_NamesIt() =>
        Assert.Contains("'ipv4_x'", Assert.Throws<ArgumentException>(() => RecordField.FromName("ipv4_x")).Message);

    static HeaderRecord Tcp(params byte[] options)
    {
        var record = new HeaderRecord { TcpLength = (byte)(20 + options.Length) };
        options.CopyTo(((Span<byte>)record.Bits)[(HeaderRecord.TcpOffset + 20)..]);
        return record;
    }

    static float[] Row(HeaderRecord record)
    {
        var row = new float[Everything.ColumnsPerPacket];
        Everything.ExtractAll([record], row);
        return row;
    }
}
