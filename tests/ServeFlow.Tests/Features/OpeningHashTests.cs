using CsCheck;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Tests.Features;

public sealed class OpeningHashTests
{
    static readonly FeatureSchema Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet);
    static readonly OpeningHash Hash = new(Schema);

    [Fact]
    public void Next_OneByteChanged_DiffersExactlyWhereAColumnDoes() =>
        Gen.Select(Records.Recorded, Gen.Int[0, HeaderRecord.BitsLength - 1], Gen.Byte).Sample((record, at, value) =>
        {
            var other = record;
            other.Bits[at] = IsPresent(record, at) ? value : record.Bits[at];

            Assert.Equal(Row(record).SequenceEqual(Row(other)),
                Hash.Next(OpeningHash.Start, record) == Hash.Next(OpeningHash.Start, other));
        }, iter: 3000);

    [Fact]
    public void Next_OfDifferentColumns_IsDifferent() => Gen.Select(Records.Recorded, Records.Recorded).Sample((a, b) =>
    {
        Assert.Equal(Hash.Next(1, a), Hash.Next(1, a));
        if (!Row(a).SequenceEqual(Row(b)))
        {
            Assert.NotEqual(Hash.Next(1, a), Hash.Next(1, b));
        }
    });

    [Fact]
    public void Next_SameColumnsOtherSizeAndTime_IsTheSame()
    {
        var record = Records.Recorded.Single();
        var later = record with { Size = 1, InterArrivalMicroseconds = 7, SinceFirstMicroseconds = 9 };

        Assert.Equal(Hash.Next(OpeningHash.Start, record), Hash.Next(OpeningHash.Start, later));
    }

    [Fact]
    public void Next_OtherDirection_Differs()
    {
        var record = Records.Recorded.Single();

        Assert.NotEqual(Hash.Next(0, record with { Direction = 0 }), Hash.Next(0, record with { Direction = 1 }));
    }

    /// <summary>Bundles keep these numbers: a change would make every flow look new to every bundle there is.</summary>
    [Fact]
    public void Next_KnownOpening_HasTheNumberThatBundlesKeep()
    {
        var record = new HeaderRecord { Ipv4Length = 20, UdpLength = 8 };
        record.Bits[0] = 0x45;
        record.Bits[8] = 64;

        Assert.Equal(KnownNumber, Hash.Next(OpeningHash.Start, record));
    }

    const ulong KnownNumber = 17881978326343907546;

    static bool IsPresent(in HeaderRecord record, int at) => at switch
    {
        < HeaderRecord.Ipv6Offset => at < record.Ipv4Length,
        < HeaderRecord.TcpOffset => at - HeaderRecord.Ipv6Offset < record.Ipv6Length,
        < HeaderRecord.UdpOffset => at - HeaderRecord.TcpOffset < record.TcpLength,
        < HeaderRecord.IcmpOffset => at - HeaderRecord.UdpOffset < record.UdpLength,
        _ => at - HeaderRecord.IcmpOffset < record.IcmpLength,
    };

    static float[] Row(in HeaderRecord record)
    {
        var row = new float[Schema.ColumnsPerPacket];
        Schema.ExtractAll([record], row);
        return row;
    }
}
