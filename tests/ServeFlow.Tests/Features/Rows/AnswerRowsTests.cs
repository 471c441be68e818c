using System.Runtime.CompilerServices;
using CsCheck;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Features.Rows;
using Xunit;

namespace ServeFlow.Tests.Features.Rows;

public sealed class AnswerRowsTests
{
    const int Depth = 3;

    static readonly Gen<HeaderRecord[]> Flow = Records.Recorded.Array[0, Depth];

    [Theory]
    [InlineData("nprint:ip4,tcp+dir+size+iat", "none")]
    [InlineData("nprint:ip4,ip6,tcp,udp,icmp+dir", "default")]
    [InlineData("nprint:tcp", "default")]
    [InlineData("nprint:ip4+dir+agg", "default")]
    [InlineData("nprint:none+agg+burst", "none")]
    public void Write_AnyHeaders_AnswersAsThePlanesDo(string set, string mask)
    {
        var schema = FeatureSchema.Parse(set, mask);
        var tests = DrawTests(schema, 900);
        var (rows, planes) = (AnswerRows.TryCreate(schema, tests, Depth)!, new PlaneExtractor(schema, tests));
        Flow.Sample(packets =>
        {
            planes.Add(0, packets);
            planes.Finish();

            var row = Write(rows, packets);

            for (var test = 0; test < tests.Length; test++)
            {
                var expected = planes.Planes[test * PlaneExtractor.PlaneBytes] & 1;
                Assert.Equal(expected, Bit(row, rows.PlaceOf(tests[test])));
            }
        }, threads: 1);
    }

    /// <summary>One layout answers several models, each of which finds its own answers in the rows: in planes, and flow
    /// by flow.</summary>
    [Fact]
    public void Rows_OfSeveralModels_GiveEachItsPlanesAndAnswers()
    {
        var schema = FeatureSchema.Parse("nprint:ip4,tcp,udp+dir+size+iat+agg+burst", "default");
        PlaneTest[][] models = [DrawTests(schema, 40, depth: 1), DrawTests(schema, 300), DrawTests(schema, 700, 2)];
        var rows = AnswerRows.TryCreate(schema, models.SelectMany(tests => tests), Depth)!;
        var flows = Flow.Array[1, PlaneExtractor.BatchSize];
        foreach (var tests in models)
        {
            var layout = new AnswerLayout(schema, tests);
            int[] rowPlaces = [.. tests.Select(test => rows.PlaceOf(test))];
            var (fromHeaders, fromRows) = (new PlaneExtractor(schema, tests), new PlaneExtractor(rowPlaces));
            var (answers, rowAnswers) = (new FlowAnswers(schema, layout), new RowAnswers(rows, tests, layout));
            var (expected, found) = (new byte[512], new byte[512]);
            flows.Sample(batch =>
            {
                for (var i = 0; i < batch.Length; i++)
                {
                    var row = Write(rows, batch[i]);
                    fromHeaders.Add(i, batch[i]);
                    fromRows.Add(i, row);
                    answers.Read(batch[i], expected);
                    rowAnswers.Read(row, found);
                    Assert.All(layout.Places, place => Assert.Equal(Bit(expected, place), Bit(found, place)));
                }

                fromHeaders.Finish();
                fromRows.Finish();
                AssertSamePlanes(fromHeaders.Planes, fromRows.Planes, batch.Length);
            }, iter: 20, threads: 1);
        }
    }

    /// <summary>Sides are exchanged while the flow waits for more packets; those that come then go the new way.
    /// </summary>
    [Theory]
    [InlineData("nprint:ip4,tcp+dir+size")]
    [InlineData("nprint:ip4+dir+agg+burst")]
    public void Turn_KeptPackets_AnswersAsTurnedHeadersDo(string set)
    {
        var schema = FeatureSchema.Parse(set);
        var tests = DrawTests(schema, 900);
        var rows = AnswerRows.TryCreate(schema, tests, Depth)!;
        Gen.Select(Flow, Gen.Int[1, Depth - 1]).Sample((packets, turnedAfter) =>
        {
            var row = Write(rows, packets, turnedAfter);

            HeaderRecord.Turn(packets.AsSpan(0, Math.Min(turnedAfter, packets.Length)));
            var expected = Write(rows, packets);
            Assert.All(tests, test => Assert.Equal(Bit(expected, rows.PlaceOf(test)), Bit(row, rows.PlaceOf(test))));
        }, threads: 1);
    }

    [Fact]
    public void TryCreate_TestThatHeadersDoNotAnswer_GivesNone()
    {
        var schema = FeatureSchema.Parse("nprint:ip4+size+agg");
        var (size, aggregate) = (Column(schema, "p1_size"), Column(schema, "p1_agg_bytes_forward"));
        var bit = Column(schema, "p1_ipv4_ttl_0");

        Assert.NotNull(AnswerRows.TryCreate(schema, [new(size, 5, false, false, false)], 1));
        Assert.NotNull(AnswerRows.TryCreate(schema, [new(aggregate, -2, true, true, true)], 1));
        Assert.Null(AnswerRows.TryCreate(schema, [new(size, -2, true, true, true)], 1));
        Assert.Null(AnswerRows.TryCreate(schema, [new(bit, 0.5, true, false, true)], 1));
        Assert.Null(AnswerRows.TryCreate(schema, [new(bit, 0.5, false, true, false)], 1));
    }

    [Fact]
    public void Create_TestsThatAskTheSame_ShareAPlace()
    {
        var schema = FeatureSchema.Parse("nprint:ip4+size");
        var bit = Column(schema, "p1_ipv4_ttl_0");
        PlaneTest[] tests = [new(bit, 0.5, false, false, true), new(bit, 0.1, false, false, true)];
        var rows = AnswerRows.TryCreate(schema, tests, Depth)!;

        Assert.Equal(1, rows.Words);
        Assert.Equal(0, rows.PlaceOf(new(bit, 0.9, false, false, true)));
    }

    [Fact]
    public void Write_Warm_AllocatesNothing()
    {
        var schema = FeatureSchema.Parse(FeatureSchema.DefaultSet + "+agg+burst");
        var rows = AnswerRows.TryCreate(schema, DrawTests(schema, 900), Depth)!;
        var (packet, row, sums) = (default(HeaderRecord), new ulong[rows.Words], default(FlowAggregates));
        packet.TcpLength = 40;
        Repeat();

        Assert.Equal(0, AllocatedBytes.Min(_ => Repeat()));

        void Repeat()
        {
            rows.Write(ref packet, 1, row);
            rows.Aggregates.Add(packet, 1, ref sums, row);
            rows.Aggregates.Turn(2, ref sums, row);
            rows.Aggregates.Close(2, sums, row);
        }
    }

    /// <summary>However many packets there are, the sums over them take the same room.</summary>
    [Fact]
    public void Bytes_AggregatesOfManyPackets_AreThoseOfFew()
    {
        var schema = FeatureSchema.Parse("nprint:none+agg+burst");
        var (few, many) = (Create(10), Create(10_000));

        Assert.Equal(few.Bytes, many.Bytes);
        Assert.InRange(many.Bytes, Unsafe.SizeOf<FlowAggregates>() + sizeof(ulong), 400);

        AnswerRows Create(int depth) =>
            AnswerRows.TryCreate(schema, [new((depth * schema.ColumnsPerPacket) - 1, 5, false, false, false)], depth)!;
    }

    [Fact]
    public void Extract_AnyBits_PacksThemInTheirOrder() => Gen.Select(Gen.ULong, Gen.ULong).Sample((value, mask) =>
    {
        var bits = Enumerable.Range(0, 64).Where(bit => (mask >> bit & 1) != 0).ToList();
        var expected = bits.Index().Aggregate(0UL, (packed, bit) => packed | ((value >> bit.Item & 1) << bit.Index));

        Assert.Equal(expected, BitExtract.Portable(value, mask));
        Assert.Equal(expected, BitExtract.Extract(value, mask));
    });

    /// <summary>Writes what a worker keeps: each packet when it arrives, later ones not at all. What stood in the row
    /// before does not matter.</summary>
    /// <param name="turnedAfter">The packets after which the sides are exchanged; 0 for never.</param>
    static ulong[] Write(AnswerRows rows, HeaderRecord[] packets, int turnedAfter = 0)
    {
        var row = Enumerable.Repeat(ulong.MaxValue, rows.Words).ToArray();
        var sums = default(FlowAggregates);
        foreach (var (number, packet) in packets.Index())
        {
            var copy = packet;
            rows.Write(ref copy, number, row);
            rows.Aggregates.Add(copy, number, ref sums, row);
            if (number + 1 == Math.Min(turnedAfter, packets.Length))
            {
                rows.Turn(row, number + 1);
                rows.Aggregates.Turn(number + 1, ref sums, row);
            }
        }

        rows.Aggregates.Close(packets.Length, sums, row);
        return row[..rows.WordsOf(packets.Length)];
    }

    static void AssertSamePlanes(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> planes, int flows)
    {
        Assert.Equal(expected.Length, planes.Length);
        for (var plane = 0; plane < planes.Length; plane += PlaneExtractor.PlaneBytes)
        {
            for (var flow = 0; flow < flows; flow++)
            {
                Assert.Equal(Bit(expected[plane..], flow), Bit(planes[plane..], flow));
            }
        }
    }

    /// <summary>Tests as trained trees ask them: bits above 0.5, presences above -0.5, numbers above any.</summary>
    static PlaneTest[] DrawTests(FeatureSchema schema, int count, int depth = Depth)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var column = random.Next(depth * schema.ColumnsPerPacket);
            var threshold = schema.IsTernary(column) ? random.Next(-1, 1) + 0.5 : random.Next(-1, 70_000) * 0.5;
            return new PlaneTest(column, threshold, false, 0 > threshold, 1 > threshold);
        })];
    }

    static int Column(FeatureSchema schema, string name)
    {
        Assert.True(schema.TryFindColumn(name, Depth, out var column));
        return column;
    }

    static int Bit(ReadOnlySpan<ulong> row, int place) =>
        place / 64 < row.Length ? (int)(row[place / 64] >> (place % 64)) & 1 : 0;

    static int Bit(ReadOnlySpan<byte> bytes, int place) => (bytes[place / 8] >> (place % 8)) & 1;
}
