using System.Runtime.InteropServices;
using CsCheck;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Tests.Features;

public sealed class HeaderPackingTests
{
    static readonly FeatureSchema[] Schemas =
    [
        FeatureSchema.Parse(FeatureSchema.DefaultSet), FeatureSchema.Parse(FeatureSchema.DefaultSet, "none"),
        FeatureSchema.Parse("nprint:ip4,ip6,tcp,udp,icmp+dir+size+iat"),
        FeatureSchema.Parse("nprint:tcp+agg", "default,-ports"), FeatureSchema.Parse("nprint:udp+iat", "none"),
        FeatureSchema.Parse("nprint:none+burst"),
    ];

    static readonly Gen<FeatureSchema> Schema = Gen.Int[0, Schemas.Length - 1].Select(number => Schemas[number]);

    [Fact]
    public void Write_AnyPackets_AreReadWithTheSameColumns() =>
        Gen.Select(Schema, Records.Any.Array[1, 4]).Sample((schema, packets) =>
        {
            var packing = new HeaderPacking(schema);
            var read = packets.Select(packet =>
            {
                var bytes = new byte[packing.MaxBytes];
                var length = packing.Write(packet, bytes);
                Assert.True(packing.TryRead(bytes.AsSpan(0, length), out var again, out var taken));
                Assert.Equal(length, taken);
                return again;
            }).ToArray();

            Assert.Equal(Columns(schema, packets), Columns(schema, read));
        });

    /// <summary>Fields that the mask hides never leave the sensor; TCP timestamps are such fields.</summary>
    [Fact]
    public void Write_PacketsThatDifferInWhatIsHidden_AreTheSameBytes() =>
        Gen.Select(Records.Any, Gen.Byte.Array[HeaderRecord.BitsLength]).Sample((packet, noise) =>
        {
            var schema = Schemas[0];
            var other = packet;
            var shown = Shown(schema, packet);
            for (var i = 0; i < HeaderRecord.BitsLength; i++)
            {
                var bytes = MemoryMarshal.AsBytes(new Span<HeaderRecord>(ref other));
                bytes[i] = (byte)((bytes[i] & shown[i]) | (noise[i] & ~shown[i]));
            }

            other.SinceFirstMicroseconds ^= 1;
            Assert.Equal(Pack(schema, packet), Pack(schema, other));
        });

    [Fact]
    public void TryRead_WhatIsCutOrChanged_IsRefusedOrIsAPacket() =>
        Gen.Select(Schema, Records.Any, Gen.Int[0, 200], Gen.Byte).Sample((schema, packet, at, value) =>
        {
            var packing = new HeaderPacking(schema);
            var bytes = Pack(schema, packet);
            Assert.False(packing.TryRead(bytes.AsSpan(0, Math.Min(at, bytes.Length - 1)), out _, out _));

            bytes[at % bytes.Length] = value;
            if (packing.TryRead(bytes, out var read, out var length))
            {
                Assert.InRange(length, 1, bytes.Length);
                Assert.InRange(read.Ipv4Length, 0, 60);
                Assert.InRange(read.UdpLength, 0, 8);
                Assert.InRange(read.Direction, 0, 1);
            }
        });

    static byte[] Pack(FeatureSchema schema, HeaderRecord packet)
    {
        var packing = new HeaderPacking(schema);
        var bytes = new byte[packing.MaxBytes];
        return bytes[..packing.Write(packet, bytes)];
    }

    static float[] Columns(FeatureSchema schema, HeaderRecord[] packets)
    {
        var row = new float[packets.Length * schema.ColumnsPerPacket];
        schema.ExtractAll(packets, row);
        return row;
    }

    /// <summary>Finds the bits of a record that columns show, by changing each of them. What tells where the timestamps
    /// stand counts as shown.</summary>
    static byte[] Shown(FeatureSchema schema, HeaderRecord packet)
    {
        var before = Columns(schema, [packet]);
        var shown = new byte[HeaderRecord.BitsLength];
        for (var bit = 0; bit < 8 * HeaderRecord.BitsLength; bit++)
        {
            var changed = packet;
            MemoryMarshal.AsBytes(new Span<HeaderRecord>(ref changed))[bit / 8] ^= (byte)(1 << (bit % 8));
            shown[bit / 8] |= (byte)(Columns(schema, [changed]).SequenceEqual(before) ? 0 : 1 << (bit % 8));
        }

        return shown;
    }
}
