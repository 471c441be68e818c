namespace ServeFlow.Features;

/// <summary>
/// Locates the source of a packet's column: one bit of a header, compiled to offsets into the record's bytes.
/// </summary>
/// <param name="RecordByte">Byte of the record that holds the bit.</param>
/// <param name="Shift">Right shift that brings the bit to place 0.</param>
/// <param name="LengthByte">Byte of the record that holds the header's captured length.</param>
/// <param name="HeaderByte">Byte of the header that holds the bit: present where the length is greater.</param>
/// <param name="OptionByte">Byte of the TCP options that holds the bit, or <see cref="NoOption"/>.</param>
readonly record struct FeatureColumn(byte RecordByte, byte Shift, byte LengthByte, byte HeaderByte, byte OptionByte)
{
    /// <summary>
    /// Lies beyond every bit that <see cref="TcpTimestamps.ValueMask"/> can set (40 options, 8 values).
    /// </summary>
    public const byte NoOption = 63;

    public static FeatureColumn Create(HeaderLayout header, int bit)
    {
        var inHeader = bit / 8;
        var option = header.Kind == HeaderKind.Tcp && inHeader >= TcpTimestamps.OptionsOffset
            ? inHeader - TcpTimestamps.OptionsOffset
            : NoOption;
        return new((byte)(header.RecordOffset + inHeader), (byte)(7 - (bit % 8)),
            (byte)(HeaderRecord.LengthsOffset + (int)header.Kind), (byte)inHeader, (byte)option);
    }

    /// <summary>1, 0, or −1 where the header's captured bytes end before the bit.</summary>
    /// <param name="record">The bytes of a <see cref="HeaderRecord"/>.</param>
    /// <param name="hiddenOptions">Option bytes that are read as 0.</param>
    public int Read(ReadOnlySpan<byte> record, ulong hiddenOptions)
    {
        var present = (HeaderByte - record[LengthByte]) >> 31;
        var bit = (record[RecordByte] >> Shift) & ~(int)(hiddenOptions >> OptionByte) & 1;
        return (bit & present) | ~present;
    }
}
