namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Represents one axis of a plot: a range of values laid over a range of pixels, with round tick
/// marks.</summary>
/// <param name="Title">What is measured.</param>
/// <param name="Unit">How its values are written.</param>
/// <param name="Low">Smallest value shown; above 0 where logarithmic.</param>
/// <param name="High">Largest value shown; above <paramref name="Low"/>.</param>
/// <param name="IsLogarithmic">Whether each step of ten has the same length.</param>
sealed record Axis(string Title, AxisUnit Unit, double Low, double High, bool IsLogarithmic = false)
{
    /// <summary>Leaves room between the labels of neighbouring ticks, in pixels.</summary>
    const double Gap = 16;

    /// <summary>Limits the ticks of a linear axis: more read as noise.</summary>
    const int MaxTicks = 8;

    /// <summary>Returns an axis over all shares.</summary>
    public static Axis Shares(string title) => new(title, AxisUnit.Share, 0, 1);

    /// <summary>Returns a linear axis with a little room beyond the values.</summary>
    /// <param name="least">Below and above which it never goes.</param>
    public static Axis Around(string title, AxisUnit unit, IEnumerable<double> values, double least, double most)
    {
        var (low, high) = Range(values);
        var room = Math.Max((high - low) * 0.06, Math.Abs(high) * 1e-3);
        low = Math.Max(least, low - room);
        high = Math.Min(most, high + room);
        return new(title, unit, low, high > low ? high : low + 1);
    }

    /// <summary>Returns a logarithmic axis from one power of ten to another around the values.</summary>
    /// <param name="least">Values below count as this.</param>
    public static Axis Decades(string title, AxisUnit unit, IEnumerable<double> values, double least)
    {
        var (low, high) = Range(values.Select(v => Math.Max(v, least)));
        low = Math.Pow(10, Math.Floor(Math.Log10(low) + 1e-9));
        high = Math.Pow(10, Math.Ceiling(Math.Log10(high) - 1e-9));
        return new(title, unit, low, high > low ? high : low * 10, IsLogarithmic: true);
    }

    /// <summary>Gets where a value lies between the ends: 0 at <see cref="Low"/>, 1 at <see cref="High"/>.</summary>
    public double Position(double value)
    {
        var at = Math.Clamp(value, Low, High);
        return IsLogarithmic ? Math.Log10(at / Low) / Math.Log10(High / Low) : (at - Low) / (High - Low);
    }

    /// <summary>Ticks whose labels stand side by side without touching.</summary>
    /// <param name="pixels">Length of the axis.</param>
    /// <param name="size">The size of a label along the axis, in pixels.</param>
    public IReadOnlyList<AxisTick> Ticks(double pixels, Func<string, double> size) =>
        Choices().Select(ticks => ticks.ToList())
            .First(ticks => ticks.Count <= 2 || Fits(ticks, pixels, size));

    bool Fits(List<AxisTick> ticks, double pixels, Func<string, double> size) =>
        (IsLogarithmic || ticks.Count <= MaxTicks + 1)
        && ticks.Zip(ticks.Skip(1)).All(pair =>
            Math.Abs(Position(pair.Second.Value) - Position(pair.First.Value)) * pixels
            >= ((size(pair.First.Text) + size(pair.Second.Text)) / 2) + Gap);

    /// <summary>Lists the choices of ticks, from the densest on.</summary>
    IEnumerable<IEnumerable<AxisTick>> Choices()
    {
        if (!IsLogarithmic)
        {
            for (var step = RoundStep((High - Low) / 20); ; step = RoundStep(step * 1.5))
            {
                yield return Steps(step);
            }
        }

        yield return Decades(1, [1, 2, 5]);
        for (var every = 1; ; every++)
        {
            yield return Decades(every, [1]);
        }
    }

    IEnumerable<AxisTick> Decades(int every, double[] parts)
    {
        var first = (int)Math.Ceiling(Math.Log10(Low) - 1e-9);
        for (var exponent = first; Math.Pow(10, exponent) <= High * 1.0001; exponent += every)
        {
            foreach (var value in parts.Select(part => part * Math.Pow(10, exponent)).Where(v => v <= High * 1.0001))
            {
                yield return new(value, AxisText.Format(value, Unit, 0));
            }
        }
    }

    IEnumerable<AxisTick> Steps(double step)
    {
        var shown = Unit == AxisUnit.Share ? step * 100 : step;
        var digits = Math.Max(0, -(int)Math.Floor(Math.Log10(shown) + 1e-9));
        var first = (long)Math.Ceiling((Low / step) - 1e-9);
        for (var tick = first; tick * step <= High + (step * 1e-6); tick++)
        {
            yield return new(tick * step, AxisText.Format(tick * step, Unit, digits));
        }
    }

    static (double Low, double High) Range(IEnumerable<double> values)
    {
        var (low, high) = (double.MaxValue, double.MinValue);
        foreach (var value in values.Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        return low <= high ? (low, high) : (0, 1);
    }

    /// <summary>Returns the next of 1, 2, 5 times a power of ten.</summary>
    static double RoundStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch { <= 1.0001 => 1, <= 2.0001 => 2, <= 5.0001 => 5, _ => 10 } * power;
    }
}

/// <summary>Represents a labelled mark of an axis.</summary>
readonly record struct AxisTick(double Value, string Text);
