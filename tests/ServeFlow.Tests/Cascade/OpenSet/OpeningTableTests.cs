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
            var seen = asked.Packets[..Math.Min(packets, asked.Packets.Length)];
            var (rarity, foreignness, improbability) = Reference(flows, (seen, asked.Label));

            var found = table.LookUp(seen, asked.Label);

            Assert.Equal(rarity, found.Rarity, 1e-5);
            Assert.Equal(foreignness, found.Foreignness, 1e-5);
            Assert.Equal(improbability, found.Improbability, 1e-5);
            Assert.Equal(Strangeness(flows, (seen, asked.Label)), found.Strangeness, 1e-5);
        });

    /// <summary>A class that no flow is of has no words, and classes may be missing between others.</summary>
    [Fact]
    public void Look_ClassWithoutFlows_HasOnlyStrangeWords()
    {
        var counts = new OpeningCounts(2);
        counts.Add(new(Schema), [Record(1), Record(0)], 2);
        var table = counts.Compile(Schema);

        Assert.Equal(1, table.LookUp([Record(1), Record(0)], 0).Strangeness);
        Assert.Equal(0, table.LookUp([Record(1), Record(0)], 2).Strangeness);
        Assert.Equal(1, table.LookUp([Record(1), Record(0)], 3).Strangeness);
    }

    /// <summary>Zeros are words like others: where all flows of the class had something else, they are strange.
    /// </summary>
    [Fact]
    public void Look_ZerosWhereTheClassHasNone_AreStrange()
    {
        var counts = new OpeningCounts(1);
        counts.Add(new(Schema), [Record(7)], 0);
        var table = counts.Compile(Schema);
        var words = new OpeningHash(Schema).VisibleWords;

        Assert.Equal(Math.Sqrt(1.0 / words), table.LookUp([Record(0)], 0).Strangeness, 1e-6);
        Assert.Equal(Math.Sqrt(2.0 / words), table.LookUp([default], 0).Strangeness, 1e-6);
    }

    [Fact]
    public void Look_FlowOfTraining_IsLessNovelThanOneNeverSeen()
    {
        var known = new[] { Record(1), Record(2) };
        var counts = new OpeningCounts(2);
        counts.Add(new(Schema), known, 0);
        var table = counts.Compile(Schema);

        var strange = table.LookUp([Record(3), Record(2)], 0);
        Assert.Equal((1f, 1f), (strange.Rarity, strange.Foreignness));
        Assert.True(strange.Strangeness > table.LookUp(known, 0).Strangeness);
        Assert.True(strange.Improbability > table.LookUp(known, 0).Improbability);
        Assert.True(table.LookUp(known, 0).Rarity < 0.7);
        Assert.True(table.LookUp(known, 0).Foreignness < table.LookUp(known, 1).Foreignness);
    }

    /// <summary>The threshold is the novelty of a calibration flow, which is not to be unknown itself.</summary>
    [Fact]
    public void IsUnknown_NoveltyAtTheThreshold_IsKnown()
    {
        var rule = new NoveltyRule(new OpeningCounts(1).Compile(Schema), new(0, 1, 0, 0), [0.5, 0.75]);

        Assert.False(rule.IsUnknown(0.5f, 0));
        Assert.True(rule.IsUnknown(MathF.BitIncrement(0.5f), 0));
        Assert.False(rule.IsUnknown(MathF.BitIncrement(0.5f), 1));
        Assert.Equal((0.5f, 0.75f), (rule.Threshold(0), rule.Threshold(1)));
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
    static (double Rarity, double Foreignness, double Improbability) Reference(
        (HeaderRecord[] Packets, int Label)[] flows, (HeaderRecord[] Packets, int Label) asked)
    {
        var (rarity, foreignness, improbability) = (0.0, 0.0, 0.0);
        var lengths = asked.Packets.Length;
        for (var length = 1; length <= lengths; length++)
        {
            var same = flows.Where(f => f.Packets.Length >= length
                && Row(f.Packets, length).SequenceEqual(Row(asked.Packets, length))).ToList();
            var (most, ofClass) = (Math.Log(flows.Length + 1), same.Count(f => f.Label == asked.Label));
            rarity += (most - Math.Log(same.Count + 0.5)) / (most - Math.Log(0.5));
            foreignness += 1 - (ofClass / (same.Count + 0.5));
            improbability += Math.Log((flows.Count(f => f.Label == asked.Label) + 1) / (ofClass + 0.5))
                / (most - Math.Log(0.5));
        }

        return (Math.Clamp(rarity / lengths, 0, 1), foreignness / lengths, Math.Min(1, improbability / lengths));
    }

    /// <summary>Compares four bytes at a time: those of the schema's visible columns, which lie in the IPv4 header, and
    /// those of its length and the direction.</summary>
    static double Strangeness((HeaderRecord[] Packets, int Label)[] flows, (HeaderRecord[] Packets, int Label) asked)
    {
        var words = new OpeningHash(Schema).VisibleWords;
        var strange = 0;
        for (var place = 0; place < asked.Packets.Length; place++)
        {
            var packet = asked.Packets[place];
            var ofClass = flows.Where(f => f.Label == asked.Label && f.Packets.Length > place)
                .Select(f => f.Packets[place]).ToList();
            strange += ofClass.Exists(p => p.Bits[8] == packet.Bits[8]) ? 0 : 1;
            strange += ofClass.Exists(p => p.Ipv4Length == packet.Ipv4Length) ? 0 : 1;
            strange += ofClass.Exists(p => p.Direction == packet.Direction) ? 0 : 1;
            strange += ofClass.Count == 0 ? words - 3 : 0;
        }

        return Math.Sqrt((double)strange / (asked.Packets.Length * words));
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
