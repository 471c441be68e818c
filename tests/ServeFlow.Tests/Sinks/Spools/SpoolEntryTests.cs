using System.Buffers;
using CsCheck;
using ServeFlow.Sinks.Spools;
using Xunit;

namespace ServeFlow.Tests.Sinks.Spools;

public sealed class SpoolEntryTests
{
    [Theory]
    [InlineData("123456789", 0xe306_9283)] // RFC 3720's check value
    [InlineData("", 0)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x2262_0404)]
    public void Checksum_KnownTexts_IsCrc32C(string text, uint expected) =>
        Assert.Equal(expected, SpoolEntry.Checksum(System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Read_WhatWasWritten_IsTheSame() =>
        Gen.Select(Gen.Byte.Array[1, 300], Gen.Long[1, long.MaxValue / 2], Gen.Int[0, 1000]).Sample(
            (payload, sequence, before) =>
            {
                var state = SpoolEntry.Read(Write(sequence, payload), Math.Max(1, sequence - before), sequence + 1,
                    out var number, out var read);
                return state == EntryState.Whole && number == sequence && read.SequenceEqual(payload);
            });

    [Fact]
    public void Read_OneBitChanged_IsNeverWhole() =>
        Gen.Select(Gen.Byte.Array[1, 60], Gen.Int[0, (60 + SpoolEntry.HeaderLength) * 8 - 1]).Sample((payload, bit) =>
        {
            var bytes = Write(7, payload);
            bit %= bytes.Length * 8;
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            return SpoolEntry.Read(bytes, 1, 1000, out _, out _) != EntryState.Whole;
        });

    [Fact]
    public void Read_AnyBytes_StaysInside() => Gen.Byte.Array[0, 40].Sample(bytes =>
        SpoolEntry.Read(bytes, 1, 10, out _, out var payload) != EntryState.Whole || payload.Length < bytes.Length);

    [Fact]
    public void Write_NothingOrTooMuch_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Write(1, []));
        Assert.Throws<ArgumentException>(() => Write(1, new byte[SpoolEntry.MaxPayload + 1]));
    }

    static byte[] Write(long sequence, byte[] payload)
    {
        var output = new ArrayBufferWriter<byte>();
        SpoolEntry.Write(output, sequence, payload);
        return output.WrittenSpan.ToArray();
    }
}
