using CsCheck;
using ServeFlow.Training.Reports.Drawing;
using Xunit;

namespace ServeFlow.Training.Tests.Reports.Drawing;

public sealed class AxisTests
{
    [Fact]
    public void Ticks_AnyRange_LieOnTheAxisAndTheirLabelsApart() =>
        Gen.Select(Gen.Double[-1000, 1000], Gen.Double[1e-3, 1e6], Gen.Double[60, 900]).Sample((low, length, pixels) =>
        {
            var axis = new Axis("", AxisUnit.Number, low, low + length);
            AssertApart(axis, axis.Ticks(pixels, TextLook.Plain.Width), pixels);
        });

    [Fact]
    public void Ticks_AnyDecades_LieOnTheAxisAndTheirLabelsApart() =>
        Gen.Select(Gen.Double[1e-5, 10], Gen.Double[1, 1e9], Gen.Double[60, 900]).Sample((low, factor, pixels) =>
        {
            var axis = Axis.Decades("", AxisUnit.Duration, [low, low * factor], 1e-4);
            AssertApart(axis, axis.Ticks(pixels, TextLook.Plain.Width), pixels);
        });

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(1e-4, "100 ns")]
    [InlineData(0.0026, "2.6 µs")]
    [InlineData(0.99999, "1 ms")]
    [InlineData(16, "16 ms")]
    [InlineData(999.9, "1 s")]
    [InlineData(60_000, "60 s")]
    public void Duration_Milliseconds_AreSaidAsPeopleDo(double ms, string expected) =>
        Assert.Equal(expected, AxisText.Duration(ms));

    [Fact]
    public void Position_Ends_AreZeroAndOne()
    {
        var axis = Axis.Decades("", AxisUnit.Duration, [3, 700], 1e-4);

        Assert.Equal((1.0, 1000.0), (axis.Low, axis.High));
        Assert.Equal(0, axis.Position(0.5));
        Assert.Equal(1.0 / 3, axis.Position(10), 9);
        Assert.Equal(1, axis.Position(5000));
    }

    static void AssertApart(Axis axis, IReadOnlyList<AxisTick> ticks, double pixels)
    {
        Assert.All(ticks, tick => Assert.InRange(tick.Value, axis.Low - Slack(axis), axis.High + Slack(axis)));
        if (ticks.Count > 2)
        {
            Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.True(
                (axis.Position(pair.Second.Value) - axis.Position(pair.First.Value)) * pixels
                >= (TextLook.Plain.Width(pair.First.Text) + TextLook.Plain.Width(pair.Second.Text)) / 2));
        }
    }

    /// <summary>What rounding makes of a tick at the very end.</summary>
    static double Slack(Axis axis) => 1e-3 * (axis.High - axis.Low);
}
