using System.Net;
using CsCheck;
using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Packets;

public sealed class AddressTextTests
{
    /// <summary>Groups that are often zero, so that runs of zeros of every length and place are drawn.</summary>
    static readonly Gen<ushort[]> Groups = Gen.Frequency((2, Gen.Const((ushort)0)), (1, Gen.UShort)).Array[8];

    [Fact]
    public void Write_AnyIpv6_IsSpelledAsTheRuntimeDoes() =>
        Groups.Sample(groups =>
        {
            var address = new IpAddress(Word(groups.AsSpan(0, 4)), Word(groups.AsSpan(4, 4)));
            var bytes = groups.SelectMany(group => new[] { (byte)(group >> 8), (byte)group }).ToArray();
            var expected = new IPAddress(bytes);

            // The runtime dots more kinds of addresses that embed IPv4.
            if (!expected.ToString().Contains('.', StringComparison.Ordinal))
            {
                Assert.Equal(expected.ToString(), address.ToString(6));
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
    public void Write_Canonical_IsKept(string text)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.Equal(text, address.ToString());
    }

    /// <summary>What the BCL reads as octal, hexadecimal or with parts left out names another host.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("10.1")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.1.2")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.00")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.+1")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.1:80")]
    [InlineData("::ffff:10.0.0.01")]
    [InlineData("[::1]")]
    [InlineData("[::1]:443")]
    [InlineData("10.0.0.1%eth0")]
    public void TryParse_LooseForm_IsRefused(string text) => Assert.False(IpAddress.TryParse(text, out _));

    [Fact]
    public void TryParse_Zone_IsDropped()
    {
        Assert.True(IpAddress.TryParse("fe80::1%eth0.100", out var address));
        Assert.Equal("fe80::1", address.ToString());
    }

    [Theory]
    [InlineData("00000000000000000000000000000000", "::")]
    [InlineData("00000000000000000000000000000001", "::1")]
    [InlineData("00010000000000000000000000000000", "1::")]
    [InlineData("20010db8000000000001000000000001", "2001:db8::1:0:0:1")]
    [InlineData("20010db8000000010000000000000001", "2001:db8:0:1::1")]
    [InlineData("20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1")]
    [InlineData("00000000000000000000ffffc0a80001", "::ffff:192.168.0.1")]
    [InlineData("000000000000000000000000c0a80001", "::192.168.0.1")]
    [InlineData("fe8000000000000000005efec0a80001", "fe80::5efe:c0a8:1")]
    [InlineData("ff020000000000000000000000000000", "ff02::")]
    public void Write_KnownIpv6_AsInetNtop(string address, string expected) =>
        Assert.Equal(expected, FromHex(address).ToString(6));

    [Fact]
    public void Write_MappedAddressOfAnIpv6Packet_StaysIpv6()
    {
        var address = IpAddress.FromIpv4(0xc0a8_0001);

        Assert.Equal("192.168.0.1", address.ToString(4));
        Assert.Equal("::ffff:192.168.0.1", address.ToString(6));
    }

    static IpAddress FromHex(string address) =>
        new(Convert.ToUInt64(address[..16], 16), Convert.ToUInt64(address[16..], 16));

    static ulong Word(ReadOnlySpan<ushort> groups) =>
        ((ulong)groups[0] << 48) | ((ulong)groups[1] << 32) | ((ulong)groups[2] << 16) | groups[3];
}
