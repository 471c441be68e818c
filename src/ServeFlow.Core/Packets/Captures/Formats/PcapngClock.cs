namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Reads the time of one pcapng interface: options if_tsresol and if_tsoffset.</summary>
/// <param name="resolution">Negative power of 10, or of 2 where the high bit is set; in seconds.</param>
/// <param name="offsetSeconds">Added to every timestamp.</param>
readonly struct PcapngClock(byte resolution, long offsetSeconds)
{
    const byte IsPowerOfTwo = 0x80;

    /// <summary>Limits the resolution: beyond it a tick count of 64 bits is less than a nanosecond.</summary>
    const int MaxPowerOfTen = 28;

    /// <summary>Holds the nanoseconds a tick, where that is a whole number.</summary>
    readonly ulong nsPerTick = resolution <= 9 ? PowerOfTen(9 - resolution) : 0;

    /// <summary>
    /// Holds the tick count below which one multiplication is exact, as is nearly always the case; 0 where it never is.
    /// </summary>
    readonly ulong simpleBelow =
        resolution <= 9 && offsetSeconds == 0 ? long.MaxValue / PowerOfTen(9 - resolution) : 0;

    public byte Resolution { get; } = resolution;

    public long OffsetSeconds { get; } = offsetSeconds;

    /// <summary>Microseconds, where an interface says nothing.</summary>
    public static PcapngClock Default => new(6, 0);

    /// <summary>
    /// Nanoseconds since the epoch; false where they lie outside 1970–2262, and are moved to its edge.
    /// </summary>
    public bool TryToNs(ulong ticks, out long ns)
    {
        if (ticks < simpleBelow)
        {
            ns = (long)(ticks * nsPerTick);
            return true;
        }

        var exact = Scale(ticks) + ((Int128)OffsetSeconds * 1_000_000_000);
        ns = (long)Int128.Clamp(exact, 0, long.MaxValue);
        return exact == ns;
    }

    Int128 Scale(ulong ticks)
    {
        var power = Resolution & ~IsPowerOfTwo;
        if ((Resolution & IsPowerOfTwo) != 0)
        {
            return (Int128)(((UInt128)ticks * 1_000_000_000) >> power);
        }

        return power <= 9
            ? (Int128)ticks * (Int128)PowerOfTen(9 - power)
            : power > MaxPowerOfTen ? 0 : (Int128)(ticks / PowerOfTen(power - 9));
    }

    static ulong PowerOfTen(int power)
    {
        var value = 1UL;
        for (var i = 0; i < power; i++)
        {
            value *= 10;
        }

        return value;
    }
}
