using System.Net;
using System.Text;
using CsCheck;
using ServeFlow.Packets;
using ServeFlow.Sinks;
using Xunit;

namespace ServeFlow.Tests.Sinks;

public sealed class FieldTextTests
{
    /// <summary>Groups that are often zero, so that runs of zeros of every length and place are drawn.</summary>
    static readonly Gen<ushort[]> Groups = Gen.Frequency((2, Gen.Const((ushort)0)), (1, Gen.UShort)).Array[8];

    [Fact]
    public void Address_AnyIpv6_IsSpelledAsTheRuntimeDoes() =>
        Groups.Sample(groups =>
        {
            var address = new IpAddress(Word(groups.AsSpan(0, 4)), Word(groups.AsSpan(4, 4)));
            var bytes = groups.SelectMany(group => new[] { (byte)(group >> 8), (byte)group }).ToArray();
            var expected = new IPAddress(bytes);

            // The runtime prints addresses that embed IPv4 with dots; RFC 5952 leaves that to taste.
            if (!expected.ToString().Contains('.', StringComparison.Ordinal) && !address.IsIpv4)
            {
                Assert.Equal(expected.ToString(), Text(address));
            }
        });

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("2001:db8::1:0:0:1")]
    [InlineData("fe80:1:2:3:4:5:6:0")]
    public void Address_Canonical_IsKept(string text)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.Equal(text, Text(address));
    }

    [Theory]
    [InlineData(0, "0.000000")]
    [InlineData(1_500_000_999, "1.500000")]
    [InlineData(-1_000, "-0.000001")]
    [InlineData(1_520_303_422_105_025_999, "1520303422.105025")]
    public void Seconds_Nanoseconds_HaveSixDecimals(long ns, string expected)
    {
        Span<byte> text = stackalloc byte[FieldText.MaxLength];
        Assert.Equal(expected, Encoding.ASCII.GetString(text[..FieldText.Seconds(ns, text)]));
    }

    static ulong Word(ReadOnlySpan<ushort> groups) =>
        ((ulong)groups[0] << 48) | ((ulong)groups[1] << 32) | ((ulong)groups[2] << 16) | groups[3];

    static string Text(IpAddress address)
    {
        Span<byte> text = stackalloc byte[FieldText.MaxLength];
        return Encoding.ASCII.GetString(text[..FieldText.Address(address, text)]);
    }
}
