using System.Text;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Sinks.Formats;

public sealed class FieldTextTests
{
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
}
