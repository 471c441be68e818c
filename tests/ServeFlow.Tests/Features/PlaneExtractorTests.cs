using CsCheck;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Tests.Features;

public sealed class PlaneExtractorTests
{
    const int Depth = 3;

    [Fact]
    public void Finish_RandomPacketsAndTests_AnswersAsExtractDoes() =>
        Gen.Select(Gen.Int[0, 1000000], Gen.Int[1, PlaneExtractor.BatchSize], Gen.Bool)
            .Sample((seed, flows, masked) => AssertEqual(new Random(seed), flows, masked ? "default" : "none"),
                iter: 15);

    static void AssertEqual(Random random, int flows, string mask)
    {
        var schema = FeatureSchema.Parse("nprint:ip4,ip6,tcp,udp,icmp+dir+size+iat+agg+burst", mask);
        var tests = Enumerable.Range(0, 100).Select(_ => DrawTest(random, schema)).ToArray();
        var extractor = new PlaneExtractor(schema, tests);
        var packets = Enumerable.Range(0, flows).Select(_ => DrawPackets(random)).ToArray();
        for (var flow = 0; flow < flows; flow++)
        {
            extractor.Add(flow, packets[flow]);
        }

        extractor.Finish();

        var row = new float[schema.ColumnsPerPacket * Depth];
        for (var flow = 0; flow < flows; flow++)
        {
            schema.ExtractAll(packets[flow], row);
            for (var plane = 0; plane < tests.Length; plane++)
            {
                var bits = extractor.Planes[(plane * PlaneExtractor.PlaneBytes) + (flow / 8)];
                Assert.Equal(Answer(schema, tests[plane], row[tests[plane].Column]), ((bits >> (flow % 8)) & 1) == 1);
            }
        }
    }

    static bool Answer(FeatureSchema schema, PlaneTest test, float value)
    {
        var name = schema.PacketColumnName(test.Column % schema.ColumnsPerPacket);
        return name is "size" or "iat_us" || name.StartsWith("agg_") || name.StartsWith("burst_")
            ? value > test.Threshold
            : value switch { -1 => test.WhenAbsent, 0 => test.WhenZero, _ => test.WhenOne };
    }

    static PlaneTest DrawTest(Random random, FeatureSchema schema)
    {
        // The last columns of a packet are no header bits: draw them more often than chance would.
        var column = random.Next(4) == 0
            ? schema.ColumnsPerPacket - 1 - random.Next(40)
            : random.Next(schema.ColumnsPerPacket);
        return new((random.Next(Depth) * schema.ColumnsPerPacket) + column, random.Next(-2, 2000) + 0.5,
            random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0);
    }

    static HeaderRecord[] DrawPackets(Random random)
    {
        var records = new HeaderRecord[random.Next(1, Depth + 1)];
        foreach (ref var record in records.AsSpan())
        {
            record.Direction = (byte)random.Next(2);
            record.Size = (ushort)random.Next(1500);
            record.InterArrivalMicroseconds = (uint)random.Next(3000);
            record.Ipv4Length = (byte)random.Next(61);
            record.TcpLength = (byte)random.Next(61);
            record.UdpLength = random.Next(2) == 0 ? (byte)8 : (byte)0;
            Fill(random, record.Bits, HeaderRecord.Ipv4Offset, record.Ipv4Length);
            Fill(random, record.Bits, HeaderRecord.TcpOffset, record.TcpLength);
            Fill(random, record.Bits, HeaderRecord.UdpOffset, record.UdpLength);
            WriteTimestampOption(random, ref record);
        }

        return records;
    }

    static void Fill(Random random, Span<byte> bits, int offset, int length) =>
        random.NextBytes(bits.Slice(offset, length));

    static void WriteTimestampOption(Random random, ref HeaderRecord record)
    {
        if (record.TcpLength >= 32 && random.Next(2) == 0)
        {
            Span<byte> bits = record.Bits;
            new byte[] { 1, 1, 8, 10 }.CopyTo(bits[(HeaderRecord.TcpOffset + 20)..]);
        }
    }
}
