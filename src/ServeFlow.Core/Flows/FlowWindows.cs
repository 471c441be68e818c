using System.Globalization;
using System.Runtime.CompilerServices;

namespace ServeFlow.Flows;

/// <summary>
/// Defines the units that are classified: whole flows, or windows of them of one length. Windows are aligned to a
/// flow's first packet: window k covers the time from <c>first + k · length</c> up to, not including, <c>first + (k +
/// 1) · length</c>. Times are the flow table's, which never move back, so neither does a flow's window. docs/windows.md
/// has the rules.
/// </summary>
public readonly struct FlowWindows
{
    /// <summary>Holds the bounds of a bundle's <c>window_ms</c>.</summary>
    static readonly (decimal Least, decimal Most) LengthMs = (1, 86_400_000);

    /// <summary>A whole flow is one window that never ends; as long as times can be apart without overflow.</summary>
    const long Endless = long.MaxValue / 2;

    /// <summary>
    /// Holds the difference between an endless window and this length, in nanoseconds: 0, the default, makes whole
    /// flows.
    /// </summary>
    readonly long shorterNs;

    /// <param name="length">The length of a window; null for whole flows.</param>
    public FlowWindows(TimeSpan? length)
    {
        Length = length;
        shorterNs = length is { } window ? Endless - (window.Ticks * TimeSpan.NanosecondsPerTick) : 0;
    }

    public TimeSpan? Length { get; }

    public bool IsWholeFlow => Length is null;

    /// <summary>Gets the unit's name where there are several: <c>flows</c> or <c>windows</c>.</summary>
    public string Units => IsWholeFlow ? "flows" : "windows";

    long LengthNs => Endless - shorterNs;

    /// <summary>Returns the number of the window that a time lies in, from 0.</summary>
    /// <param name="firstNs">Time of the flow's first packet.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long NumberOf(long firstNs, long atNs) => (atNs - firstNs) / LengthNs;

    /// <summary>Returns the moment at which the window that a time lies in begins.</summary>
    /// <param name="firstNs">Time of the flow's first packet.</param>
    public long StartOf(long firstNs, long atNs) => atNs - ((atNs - firstNs) % LengthNs);

    /// <summary>Returns the first moment after the window that a time lies in.</summary>
    /// <param name="firstNs">Time of the flow's first packet.</param>
    public long EndOf(long firstNs, long atNs) => StartOf(firstNs, atNs) + LengthNs;

    /// <summary>Reads a length such as <c>1s</c>, <c>500ms</c>, <c>2.5s</c> or <c>1m</c>.</summary>
    /// <exception cref="InputException">It is none, or out of bounds.</exception>
    public static TimeSpan ParseLength(string text)
    {
        var unit = text.EndsWith("ms", StringComparison.Ordinal) ? "ms" : text.Length > 0 ? text[^1..] : "";
        var milliseconds = unit switch { "ms" => 1, "s" => 1_000, "m" => 60_000, _ => 0 };
        return milliseconds > 0
            && decimal.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var number)
            && number <= LengthMs.Most
            && number * milliseconds is var length && length >= LengthMs.Least && length <= LengthMs.Most
                ? TimeSpan.FromTicks((long)(length * TimeSpan.TicksPerMillisecond))
                : throw new InputException(
                    $"window '{InputException.Quote(text)}': give a length from 1ms to 1440m, a day, such as "
                    + "500ms, 1s or 10s");
    }

    /// <summary>Returns a length as <see cref="ParseLength"/> reads it: <c>500ms</c>, <c>10s</c>.</summary>
    public static string FormatLength(TimeSpan length) => length.Ticks % TimeSpan.TicksPerSecond == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{length.Ticks / TimeSpan.TicksPerSecond}s")
        : string.Create(CultureInfo.InvariantCulture,
            $"{(decimal)length.Ticks / TimeSpan.TicksPerMillisecond:0.####}ms");

    /// <summary>Names the unit: <c>flow</c>, or <c>window of 1s</c>.</summary>
    public override string ToString() => Length is { } length ? $"window of {FormatLength(length)}" : "flow";
}
