using CsCheck;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Tests.Features;

public sealed class FeatureSchemaTests
{
    const string Everything = "nprint:ip4,ip6,tcp,udp,icmp+dir+size+iat";

    /// <summary>Changing this breaks every bundle that was ever written: only with a new schema version.</summary>
    const string DefaultHash = "e9088f0f9b853cdda0d6995a6549c754472560ad671e5a3d87ba963a1f3ecc72";

    static readonly FeatureSchema Default = FeatureSchema.Parse(FeatureSchema.DefaultSet);

    [Fact]
    public void Hash_DefaultSchema_NeverChanges() => Assert.Equal(DefaultHash, Default.Hash);

    [Theory]
    [InlineData("paper", "none", 1024)]
    [InlineData("nprint:ip4,ip6,tcp,udp,icmp", "none", 1408)]
    [InlineData(Everything, "none", 1411)]
    [InlineData("nprint:udp", "ports", 32)]
    [InlineData("nprint:ip6+iat", "ipv6_src,ipv6_dst", 65)]
    [InlineData("nprint:udp+agg", "ports", 52)]
    [InlineData("nprint:none+size+burst", "default", 18)]
    [InlineData("nprint:none+agg+burst", "default", 37)]
    public void ColumnsPerPacket_SetAndMask_IsBitsLessMaskedPlusFeatures(string set, string mask, int expected) =>
        Assert.Equal(expected, FeatureSchema.Parse(set, mask).ColumnsPerPacket);

    [Fact]
    public void PacketColumnName_AllHeadersUnmasked_AreNPrintsInOrder()
    {
        var schema = FeatureSchema.Parse("nprint:ip4,ip6,tcp,udp,icmp", "none");

        var names = Enumerable.Range(0, schema.ColumnsPerPacket).Select(schema.PacketColumnName);

        Assert.Equal(ReferenceExtractor.AllBitNames, names);
    }

    [Fact]
    public void PacketColumnName_AllColumns_AreUnique()
    {
        var schema = FeatureSchema.Parse(Everything, "none");
        var names = Enumerable.Range(0, schema.ColumnsPerPacket).Select(schema.PacketColumnName).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Equal(["dir", "size", "iat_us"], names[^3..]);
    }

    [Fact]
    public void Layout_EveryHeader_FieldsCoverEveryBitOnceAndFitTheRecord()
    {
        var recordBytes = new HashSet<int>();
        foreach (var header in HeaderLayout.All)
        {
            var next = 0;
            foreach (var field in header.Fields)
            {
                Assert.Equal(next, field.FirstBit);
                next += field.Bits;
            }

            Assert.Equal(header.MaxLength * 8, next);
            Assert.All(Enumerable.Range(header.RecordOffset, header.MaxLength), at => Assert.True(recordBytes.Add(at)));
        }

        Assert.Equal(HeaderRecord.BitsLength, recordBytes.Count);
    }

    [Fact]
    public void DefaultMask_EveryColumn_HidesHostsAndCaptures()
    {
        var fields = Enumerable.Range(0, Default.ColumnsPerPacket).Select(Default.Field).ToHashSet();
        string[] hidden =
        [
            "ipv4_src", "ipv4_dst", "ipv4_id", "ipv4_cksum", "ipv6_src", "ipv6_dst", "ipv6_fl", "tcp_sprt", "tcp_dprt",
            "tcp_seq", "tcp_ackn", "tcp_cksum", "udp_sport", "udp_dport", "udp_cksum", "icmp_cksum",
        ];

        Assert.Empty(fields.Intersect(hidden));
        Assert.Superset(new HashSet<string> { "ipv4_ttl", "tcp_wsize", "tcp_opt", "udp_len", "ipv6_hl", "dir" },
            fields);
    }

    [Theory]
    [InlineData(" nprint:udp,ip4+iat+dir ", "default", "nprint:ip4,udp+dir+iat", "default")]
    [InlineData("paper", "addresses,ports,ids,checksums,sequence,timestamps", "nprint:ip4,tcp,udp", "default")]
    [InlineData("paper+dir", "default", "nprint:ip4,tcp,udp+dir", "default")]
    [InlineData("nprint: none+burst+agg", "default", "nprint:none+agg+burst", "default")]
    [InlineData("paper+agg+size", "default", "nprint:ip4,tcp,udp+size+agg", "default")]
    [InlineData("paper", "default,-ports", "nprint:ip4,tcp,udp", "addresses,ids,checksums,sequence,timestamps")]
    [InlineData("paper", "-ports", "nprint:ip4,tcp,udp", "addresses,ids,checksums,sequence,timestamps")]
    [InlineData("paper", " -ports", "nprint:ip4,tcp,udp", "addresses,ids,checksums,sequence,timestamps")]
    [InlineData("paper", "tcp_wsize,ipv4_src,ports", "nprint:ip4,tcp,udp", "ports,ipv4_src,tcp_wsize")]
    [InlineData("paper", "default,-default", "nprint:ip4,tcp,udp", "none")]
    public void Parse_SameMeaning_SameNormalisedText(string set, string mask, string expectedSet, string expectedMask)
    {
        var schema = FeatureSchema.Parse(set, mask);

        Assert.Equal((expectedSet, expectedMask), (schema.Set, schema.Mask));
        Assert.Equal(FeatureSchema.Parse(expectedSet, expectedMask).Hash, schema.Hash);
    }

    [Theory]
    [InlineData("netflow", "default", "'netflow'")]
    [InlineData("nprint:ip5", "default", "'ip5'")]
    [InlineData("nprint:", "default", "''")]
    [InlineData("nprint:tcp,tcp", "default", "'tcp' is named twice")]
    [InlineData("nprint:tcp+jitter", "default", "'jitter'")]
    [InlineData("nprint:none", "default", "add one of +dir")]
    [InlineData("nprint:none,tcp", "default", "unknown header 'none'")]
    [InlineData("nprint:tcp+agg+agg", "default", "'agg' is named twice")]
    [InlineData("paper", "ipv4_source", "'ipv4_source'")]
    [InlineData("paper", "default,-prots", "'prots'")]
    [InlineData("nprint:udp", "ports,udp_len,udp_cksum", "leaves no column")]
    public void Parse_UnknownPart_NamesItInOneLine(string set, string mask, string named)
    {
        var message = Assert.Throws<InputException>(() => FeatureSchema.Parse(set, mask)).Message;

        Assert.Contains(named, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Hash_AnotherMaskOrSet_Differs()
    {
        string[] hashes =
        [
            Default.Hash, FeatureSchema.Parse("paper").Hash, FeatureSchema.Parse("paper", "none").Hash,
            FeatureSchema.Parse("paper", "-ports").Hash, FeatureSchema.Parse("nprint:ip4,tcp,udp+dir").Hash,
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void TryFindColumn_EveryColumnName_FindsItself()
    {
        for (var column = 0; column < 3 * Default.ColumnsPerPacket; column++)
        {
            Assert.True(Default.TryFindColumn(Default.ColumnName(column), 3, out var found));
            Assert.Equal(column, found);
        }
    }

    [Theory]
    [InlineData("p4_ipv4_ttl_0")]
    [InlineData("p0_ipv4_ttl_0")]
    [InlineData("p01_ipv4_ttl_0")]
    [InlineData("p_ipv4_ttl_0")]
    [InlineData("p-1_ipv4_ttl_0")]
    [InlineData("p1_ipv4_ttl_8")]
    [InlineData("p1_ipv4_src_0")]
    [InlineData("ipv4_ttl_0")]
    [InlineData("p99999999999_ipv4_ttl_0")]
    [InlineData("")]
    public void TryFindColumn_NoSuchColumn_IsNotFound(string name) =>
        Assert.False(Default.TryFindColumn(name, 3, out _));

    [Fact]
    public void Extract_AggregatesBeyondTheLastPacket_AreOverThoseThatThereAre()
    {
        var schema = FeatureSchema.Parse("nprint:udp+agg");
        HeaderRecord[] packets =
        [
            new() { Size = 100, InterArrivalMicroseconds = 0 },
            new() { Size = 1500, InterArrivalMicroseconds = 250_000, Direction = 1 },
            new() { Size = 300, InterArrivalMicroseconds = 750_000 },
        ];

        Assert.Equal(400, Value("p10_agg_bytes_forward"));
        Assert.Equal(100, Value("p2_agg_bytes_forward"));
        Assert.Equal(1500, Value("p10_agg_bytes_per_s_backward"));
        Assert.Equal(100, Value("p10_agg_size_dev_forward"));
        Assert.Equal(-1, Value("p1_agg_size_max_backward"));
        Assert.Equal(-1, Value("p1_agg_packets_per_s"));

        float Value(string name) => Extract(schema, packets, name);
    }

    [Fact]
    public void Extract_Bursts_EndWhereAGapIsLongerThanATenthOfASecond()
    {
        var schema = FeatureSchema.Parse("nprint:none+burst");
        HeaderRecord[] packets =
        [
            new() { Size = 100 },
            new() { Size = 1500, InterArrivalMicroseconds = 100_000, Direction = 1 },
            new() { Size = 1000, InterArrivalMicroseconds = 100_001, Direction = 1 },
            new() { Size = 500, InterArrivalMicroseconds = 40, Direction = 1 },
        ];

        Assert.Equal(2, Value("p10_burst_count"));
        Assert.Equal(1, Value("p2_burst_count"));
        Assert.Equal(1000, Value("p3_burst_bytes_min_backward"));
        Assert.Equal(1500, Value("p4_burst_bytes_min_backward"));
        Assert.Equal(0, Value("p4_burst_bytes_min_forward"));
        Assert.Equal(100_000, Value("p4_burst_active_max_us"));
        Assert.Equal(50_020, Value("p4_burst_active_mean_us"));
        Assert.Equal(100_001, Value("p4_burst_idle_max_us"));
        Assert.Equal(-1, Value("p2_burst_idle_max_us"));

        float Value(string name) => Extract(schema, packets, name);
    }

    [Theory]
    [InlineData(FeatureSchema.DefaultSet, "default", true)]
    [InlineData(Everything, "none", false)]
    [InlineData("nprint:tcp+iat", "sequence", false)]
    [InlineData("nprint:udp+dir+size+iat+agg", "default", false)]
    [InlineData("nprint:icmp+agg", "none", false)]
    [InlineData("nprint:none+agg+burst", "default", false)]
    [InlineData("nprint:tcp+dir+burst", "none", false)]
    [InlineData("nprint:icmp,tcp", "timestamps,ipv4_ttl", true)]
    public void Extract_AnyRecords_EqualsReference(string set, string mask, bool hidesTimestamps)
    {
        var schema = FeatureSchema.Parse(set, mask);
        var depth = 3;
        var all = Enumerable.Range(0, depth * schema.ColumnsPerPacket).ToArray();
        Gen.Select(Records.Any.Array[0, 4], Gen.Int[1, 40]).Sample((packets, step) =>
        {
            var wanted = all.Where(column => column % step == 0).ToArray();
            var row = new float[wanted.Length];
            schema.Extract(packets, wanted, row);
            var expected = wanted.Select(column =>
                ReferenceExtractor.Value(packets, schema.ColumnName(column), hidesTimestamps)).ToArray();
            var whole = new float[all.Length];
            schema.ExtractAll(packets, whole);
            return row.SequenceEqual(expected) && wanted.All(c => whole[c] == row[Array.IndexOf(wanted, c)]);
        }, iter: 50);
    }

    /// <summary>Extracts the column of this name, which is one of ten packets.</summary>
    static float Extract(FeatureSchema schema, HeaderRecord[] packets, string name)
    {
        Assert.True(schema.TryFindColumn(name, 10, out var column));
        var value = new float[1];
        schema.Extract(packets, [column], value);
        return value[0];
    }
}
