using System.Text;
using CsCheck;
using Xunit;

namespace ServeFlow.Tests;

/// <summary>Paths are bytes: none is lost on the way to text and back.</summary>
public sealed class PathBytesTests
{
    [Fact]
    public void Encode_WhatWasDecoded_IsTheSameBytes() => Gen.Byte[1, 255].Array[0, 40].Sample(path =>
        Assert.Equal([.. path, 0], PathBytes.Encode(PathBytes.Decode(path))));

    [Theory]
    [InlineData("plain.pcap")]
    [InlineData("Überblick 映像 💀.pcap")]
    public void Decode_Utf8_IsItsText(string text)
    {
        var decoded = PathBytes.Decode(Encoding.UTF8.GetBytes(text));

        Assert.Equal(text, decoded);
        Assert.True(PathBytes.IsText(decoded));
        Assert.Equal(text, PathBytes.ToText(decoded));
    }

    [Fact]
    public void ToText_Latin1_ShowsTheByte()
    {
        var decoded = PathBytes.Decode([.. "caf"u8, 0xe9, .. ".pcap"u8]);

        Assert.False(PathBytes.IsText(decoded));
        Assert.Equal("caf\\xe9.pcap", PathBytes.ToText(decoded));
    }
}
