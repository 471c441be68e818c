using System.Globalization;

namespace ServeFlow.Training.Reports;

/// <summary>One axis of a plot: a range of values laid over a range of pixels, with round tick marks.</summary>
/// <param name="Title">What is measured, with its unit.</param>
/// <param name="Low">Smallest value shown; above 0 where logarithmic.</param>
/// <param name="High">Largest value shown.</param>
/// <param name="Logarithmic">Whether each step of ten has the same length.</param>
sealed record Axis(string Title, double Low, double High, bool Logarithmic = false)
{
    const int WantedTicks = 5;

    /// <summary>Where a value lies between the ends: 0 at <see cref="Low"/>, 1 at <see cref="High"/>.</summary>
    public double Position(double value)
    {
        var at = Math.Clamp(value, Low, High);
        return Logarithmic
            ? Math.Log10(at / Low) / Math.Log10(High / Low)
            : High > Low ? (at - Low) / (High - Low) : 0.5;
    }

    public IEnumerable<(double Value, string Text)> Ticks() => Logarithmic ? Decades() : Steps();

    IEnumerable<(double Value, string Text)> Decades()
    {
        for (var exponent = (int)Math.Ceiling(Math.Log10(Low) - 1e-9); Math.Pow(10, exponent) <= High * 1.0001; exponent++)
        {
            yield return (Math.Pow(10, exponent), Duration(Math.Pow(10, exponent)));
        }
    }

    IEnumerable<(double Value, string Text)> Steps()
    {
        var step = RoundStep((High - Low) / WantedTicks);
        var digits = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        for (var tick = Math.Ceiling(Low / step - 1e-9) * step; tick <= High + (step * 1e-6); tick += step)
        {
            // Adding 0 makes the zero that rounding up from below gives a plain one: "0.0", not "-0.0".
            yield return (tick, (tick + 0.0).ToString($"F{digits}", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The next of 1, 2, 5 times a power of ten.</summary>
    static double RoundStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power;
    }

    /// <summary>Milliseconds as people say them.</summary>
    public static string Duration(double milliseconds) => milliseconds switch
    {
        < 0.9999e-3 => $"{milliseconds * 1e6:0} ns",
        < 0.9999 => $"{milliseconds * 1e3:0} µs",
        < 999.9 => $"{milliseconds:0} ms",
        _ => $"{milliseconds / 1e3:0} s",
    };
}
