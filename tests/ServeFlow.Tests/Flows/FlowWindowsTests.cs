using CsCheck;
using ServeFlow.Flows;
using Xunit;

namespace ServeFlow.Tests.Flows;

public sealed class FlowWindowsTests
{
    [Theory]
    [InlineData("1s", 1000)]
    [InlineData("500ms", 500)]
    [InlineData("1ms", 1)]
    [InlineData("2.5s", 2500)]
    [InlineData("10s", 10_000)]
    [InlineData("1m", 60_000)]
    [InlineData("1440m", 86_400_000)]
    public void ParseLength_NumberAndUnit_IsThatLong(string text, double milliseconds) =>
        Assert.Equal(milliseconds, FlowWindows.ParseLength(text).TotalMilliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("s")]
    [InlineData("ms")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("1e3s")]
    [InlineData("0.5ms")]
    [InlineData("1441m")]
    [InlineData("79228162514264337593543950335m")]
    [InlineData("1 h")]
    public void ParseLength_NoLength_OneLineSaysWhatIs(string text)
    {
        var error = Assert.Throws<InputException>(() => FlowWindows.ParseLength(text));
        Assert.Contains("such as 500ms, 1s or 10s", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void TextOf_AnyLength_IsReadBack() => Gen.Int[1, 100_000].Sample(milliseconds =>
    {
        var length = TimeSpan.FromMilliseconds(milliseconds);
        Assert.Equal(length, FlowWindows.ParseLength(FlowWindows.FormatLength(length)));
    });

    [Fact]
    public void NumberOf_AnyTime_IsTheWindowThatHoldsIt() =>
        Gen.Select(Gen.Long[0, long.MaxValue / 4], Gen.Long[0, 4_000_000_000_000], Gen.Int[1, 86_400_000]).Sample(
            (first, since, milliseconds) =>
            {
                var windows = new FlowWindows(TimeSpan.FromMilliseconds(milliseconds));
                var length = milliseconds * 1_000_000L;
                var number = windows.NumberOf(first, first + since);
                var end = windows.EndOf(first, first + since);
                Assert.InRange(first + since, first + (number * length), first + ((number + 1) * length) - 1);
                Assert.Equal(first + ((number + 1) * length), end);
            });

    [Fact]
    public void NumberOf_WholeFlows_IsAlwaysTheFirst()
    {
        Assert.Equal(0, default(FlowWindows).NumberOf(0, (long.MaxValue / 2) - 1));
        Assert.True(default(FlowWindows).EndOf(0, 1L << 60) > 1L << 60);
        Assert.Equal("flow", default(FlowWindows).ToString());
        Assert.Equal("window of 1s", new FlowWindows(TimeSpan.FromSeconds(1)).ToString());
    }
}
