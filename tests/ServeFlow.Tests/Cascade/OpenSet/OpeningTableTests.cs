using CsCheck;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Tests.Cascade.OpenSet;

public sealed class OpeningTableTests
{
    const int Classes = 3;

    static readonly FeatureSchema Schema = FeatureSchema.Parse("nprint:ip4+dir");

    /// <summary>Few different packets, so that openings repeat.</summary>
    static readonly Gen<HeaderRecord> Packet = Gen.Int[0, 3].Select(kind =>
    {
        var record = new HeaderRecord { Ipv4Length = 20, Direction = (byte)(kind & 1) };
        record.Bits[8] = (byte)kind;
        return record;
    });

    static readonly Gen<(HeaderRecord[] Packets, int Label)> Flow =
        Gen.Select(Packet.Array[1, 5], Gen.Int[0, Classes - 1]);

    [Fact]
    public void Look_AnyFlows_CountsAsTheObviousWayDoes() =>
        Gen.Select(Flow.Array[1, 30], Flow, Gen.Int[1, 4]).Sample((flows, asked, packets) =>
        {
            var table = Count(flows, packets).Compile(Schema);
            var (rarity, foreignness) = Reference(flows, asked, packets);

            var found = table.LookUp(asked.Packets, asked.Label);

            Assert.Equal(rarity, found.Rarity, 1e-5);
            Assert.Equal(foreignness, found.Foreignness, 1e-5);
        });

    [Fact]
    public void Look_FlowOfTraining_IsLessNovelThanOneNeverSeen()
    {
        var known = new[] { Record(1), Record(2) };
        var counts = new OpeningCounts(2);
        counts.Add(new(Schema), known, 0);
        var table = counts.Compile(Schema);

        Assert.Equal((1f, 1f), table.LookUp([Record(3), Record(2)], 0));
        Assert.True(table.LookUp(known, 0).Rarity < 0.7);
        Assert.True(table.LookUp(known, 0).Foreignness < table.LookUp(known, 1).Foreignness);
    }

    /// <summary>The threshold is the novelty of a calibration flow, which is not to be unknown itself.</summary>
    [Fact]
    public void IsUnknown_NoveltyAtTheThreshold_IsKnown()
    {
        var rule = new NoveltyRule(new OpeningCounts(1).Compile(Schema), new(0, 1, 0, 0), 0.5f);

        Assert.False(rule.IsUnknown(0.5f));
        Assert.True(rule.IsUnknown(MathF.BitIncrement(0.5f)));
    }

    [Fact]
    public void Read_OfToBytes_GivesTheSameTable() => Gen.Select(Flow.Array[1, 30], Flow).Sample((flows, asked) =>
    {
        var counts = Count(flows, 3);
        var back = OpeningCounts.Read(counts.ToBytes(), "openings.bin");

        Assert.Equal((counts.Packets, counts.Flows), (back.Packets, back.Flows));
        Assert.Equal(counts.Compile(Schema).LookUp(asked.Packets, asked.Label),
            back.Compile(Schema).LookUp(asked.Packets, asked.Label));
        Assert.Equal(counts.ToBytes(), back.ToBytes());
    });

    /// <summary>Any bytes: a table, or one line that names the file.</summary>
    [Fact]
    public void Read_DamagedBytes_IsATableOrOneLine() =>
        Gen.Select(Flow.Array[1, 5], Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 40]).Sample((flows, at, value, cut) =>
        {
            var bytes = Count(flows, 2).ToBytes();
            bytes[at % bytes.Length] = value;
            try
            {
                OpeningCounts.Read(bytes.AsSpan(0, Math.Max(0, bytes.Length - (cut % 13))), "openings.bin")
                    .Compile(Schema)
                    .LookUp([Record(1)], 0);
            }
            catch (InputException e)
            {
                Assert.StartsWith("openings.bin: ", e.Message);
                Assert.DoesNotContain('\n', e.Message);
            }
        });

    [Fact]
    public void Look_LongAndShortFlows_AllocatesNothing()
    {
        var counts = new OpeningCounts(3);
        HeaderRecord[] known = [Record(1), Record(2), Record(3)];
        counts.Add(new(Schema), known, 0);
        var table = counts.Compile(Schema);

        Assert.Equal(0, AllocatedBytes.Min(_ => Assert.True(table.LookUp(known, 0).Rarity <= 1)));
    }

    static OpeningCounts Count((HeaderRecord[] Packets, int Label)[] flows, int packets)
    {
        var counts = new OpeningCounts(packets);
        foreach (var (records, label) in flows)
        {
            counts.Add(new(Schema), records, label);
        }

        return counts;
    }

    /// <summary>Compares the columns of every flow's first packets.</summary>
    static (double Rarity, double Foreignness) Reference((HeaderRecord[] Packets, int Label)[] flows,
        (HeaderRecord[] Packets, int Label) asked, int packets)
    {
        var (rarity, foreignness) = (0.0, 0.0);
        var lengths = Math.Min(packets, asked.Packets.Length);
        for (var length = 1; length <= lengths; length++)
        {
            var same = flows.Where(f => f.Packets.Length >= length
                && Row(f.Packets, length).SequenceEqual(Row(asked.Packets, length))).ToList();
            var most = Math.Log(flows.Length + 1);
            rarity += (most - Math.Log(same.Count + 0.5)) / (most - Math.Log(0.5));
            foreignness += 1 - (same.Count(f => f.Label == asked.Label) / (same.Count + 0.5));
        }

        return (Math.Clamp(rarity / lengths, 0, 1), foreignness / lengths);
    }

    static float[] Row(HeaderRecord[] packets, int length)
    {
        var row = new float[Schema.ColumnsPerPacket * length];
        Schema.ExtractAll(packets.AsSpan(0, length), row);
        return row;
    }

    static HeaderRecord Record(byte kind)
    {
        var record = new HeaderRecord { Ipv4Length = 20 };
        record.Bits[8] = kind;
        return record;
    }
}
