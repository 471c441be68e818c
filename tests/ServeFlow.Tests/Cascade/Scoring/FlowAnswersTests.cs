using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Tests.Cascade.Scoring;

public sealed class FlowAnswersTests
{
    const int Depth = 3;

    [Theory]
    [InlineData("nprint:ip4,tcp+dir+size+iat+agg", "none")]
    [InlineData("nprint:ip4,ip6,tcp,udp,icmp+dir", "default")]
    [InlineData("nprint:udp+agg", "none")]
    [InlineData("nprint:none+agg+burst", "default")]
    public void Read_AnyHeaders_AnswersAsThePlanesDo(string set, string mask)
    {
        var schema = FeatureSchema.Parse(set, mask);
        var random = new Random(5);
        PlaneTest[] tests = [.. Enumerable.Range(0, 900).Select(_ => DrawTest(schema, random))];
        var layout = new AnswerLayout(schema, tests);
        var (planes, answers) = (new PlaneExtractor(schema, tests), new FlowAnswers(schema, layout));
        var found = new byte[(layout.Places.Max() / 32 * 4) + 4];
        for (var flow = 0; flow < 200; flow++)
        {
            var packets = DrawPackets(random);
            planes.Add(0, packets);
            planes.Finish();

            answers.Read(packets, found);

            for (var test = 0; test < tests.Length; test++)
            {
                var place = layout.Places[test];
                var expected = planes.Planes[test * PlaneExtractor.PlaneBytes] & 1;
                Assert.Equal(expected, (found[place / 8] >> (place % 8)) & 1);
            }
        }
    }

    [Fact]
    public void Read_Warm_AllocatesNothing()
    {
        var schema = FeatureSchema.Parse(FeatureSchema.DefaultSet);
        PlaneTest[] tests = [.. Enumerable.Range(0, 900).Select(_ => DrawTest(schema, new Random(1)))];
        var layout = new AnswerLayout(schema, tests);
        var (answers, packets) = (new FlowAnswers(schema, layout), DrawPackets(new(2)));
        var found = new byte[1024];
        answers.Read(packets, found);

        Assert.Equal(0, AllocatedBytes.Min(_ => answers.Read(packets, found)));
    }

    static PlaneTest DrawTest(FeatureSchema schema, Random random)
    {
        var column = random.Next(Depth * schema.ColumnsPerPacket);
        if (schema.IsTernary(column))
        {
            return new(column, 0.5, random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0);
        }

        var threshold = random.Next(-2, 4) + 0.5;
        return new(column, threshold, FeatureSchema.Absent > threshold, 0 > threshold, 1 > threshold);
    }

    /// <summary>Flows of no packet, too, and TCP headers with options of any kind, timestamps among them.</summary>
    static HeaderRecord[] DrawPackets(Random random)
    {
        var packets = new HeaderRecord[random.Next(Depth + 1)];
        foreach (ref var packet in packets.AsSpan())
        {
            (packet.Ipv4Length, packet.Ipv6Length) = ((byte)random.Next(61), (byte)random.Next(41));
            (packet.TcpLength, packet.UdpLength) = ((byte)random.Next(61), (byte)random.Next(9));
            packet.Direction = (byte)random.Next(2);
            packet.Size = (ushort)random.Next(4);
            packet.InterArrivalMicroseconds = random.Next(2) == 0 ? uint.MaxValue : (uint)random.Next(4);
            packet.SinceFirstMicroseconds = uint.MaxValue;
            Span<byte> bits = packet.Bits;
            random.NextBytes(bits.Slice(HeaderRecord.Ipv4Offset, packet.Ipv4Length));
            random.NextBytes(bits.Slice(HeaderRecord.Ipv6Offset, packet.Ipv6Length));
            random.NextBytes(bits.Slice(HeaderRecord.TcpOffset, packet.TcpLength));
            random.NextBytes(bits.Slice(HeaderRecord.UdpOffset, packet.UdpLength));
            if (packet.TcpLength >= 32)
            {
                ReadOnlySpan<byte> option = [1, 1, 8, 10];
                option.CopyTo(bits[(HeaderRecord.TcpOffset + 20)..]);
            }
        }

        return packets;
    }
}
