namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Represents an interface description block.</summary>
readonly record struct PcapngInterface(LinkType LinkType, uint SnapLength, PcapngClock Clock)
{
    const int OptionsAt = 16;
    const int TrailerLength = 4;
    const int OptionHeaderLength = 4;
    const ushort EndOfOptions = 0;
    const ushort TimestampResolution = 9;
    const ushort TimestampOffset = 14;

    /// <summary>Reads a whole block; options that do not fit end the list.</summary>
    public static bool TryRead(ReadOnlySpan<byte> block, bool bigEndian, out PcapngInterface description)
    {
        description = default;
        if (block.Length < OptionsAt + TrailerLength)
        {
            return false;
        }

        var clock = ReadClock(block[OptionsAt..^TrailerLength], bigEndian);
        description =
            new((LinkType)ByteOrder.Read16(block[8..], bigEndian), ByteOrder.Read32(block[12..], bigEndian), clock);
        return true;
    }

    static PcapngClock ReadClock(ReadOnlySpan<byte> options, bool bigEndian)
    {
        var clock = PcapngClock.Default;
        while (options.Length >= OptionHeaderLength)
        {
            var code = ByteOrder.Read16(options, bigEndian);
            var length = ByteOrder.Read16(options[2..], bigEndian);
            var value = options[OptionHeaderLength..];
            if (code == EndOfOptions || value.Length < length)
            {
                break;
            }

            clock = WithOption(clock, code, value[..length], bigEndian);
            options = value[Math.Min(value.Length, (length + 3) & ~3)..];
        }

        return clock;
    }

    static PcapngClock WithOption(PcapngClock clock, ushort code, ReadOnlySpan<byte> value, bool bigEndian) =>
        (code, value.Length) switch
        {
            (TimestampResolution, 1) => new(value[0], clock.OffsetSeconds),
            (TimestampOffset, 8) => new(clock.Resolution, (long)ByteOrder.Read64(value, bigEndian)),
            _ => clock,
        };
}
