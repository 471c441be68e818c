namespace ServeFlow.Features;

/// <summary>Neighbouring bits of one header.</summary>
sealed class HeaderBitsField : RecordField
{
    const int BitsOfNumber = 64;

    readonly HeaderField headerField;

    /// <summary>Holds the number of bytes of the record that hold the field, from the first to the one behind the
    /// last.</summary>
    readonly int begin, end;

    /// <summary>Holds the bits of the first and of the last byte that belong to the field.</summary>
    readonly byte firstMask, lastMask;

    /// <summary>Byte of the record that holds the header's captured length.</summary>
    readonly int lengthByte;

    /// <summary>Captured length from which the field is there.</summary>
    readonly int minLength;

    /// <summary>Options end with the header, wherever that is.</summary>
    readonly bool isOptions;

    public HeaderBitsField(HeaderLayout header, HeaderField field)
    {
        headerField = field;
        var lastBit = field.FirstBit + field.Bits - 1;
        begin = header.RecordOffset + (field.FirstBit / 8);
        end = header.RecordOffset + (lastBit / 8) + 1;
        firstMask = (byte)(0xff >> (field.FirstBit % 8));
        lastMask = (byte)(0xff << (7 - (lastBit % 8)));
        lengthByte = HeaderRecord.LengthsOffset + (int)header.Kind;
        isOptions = field.Name is "ipv4_opt" or "tcp_opt";
        minLength = isOptions ? begin - header.RecordOffset : end - header.RecordOffset;
    }

    public override string Name => headerField.Name;

    public override bool IsPresent(in HeaderRecord record) => BytesOf(record)[lengthByte] >= minLength;

    public override void Copy(in HeaderRecord from, ref HeaderRecord to)
    {
        var source = BytesOf(from);
        var target = WritableBytesOf(ref to);
        for (var i = begin; i < end; i++)
        {
            var mask = MaskOf(i);
            target[i] = (byte)((target[i] & ~mask) | (source[i] & mask));
        }

        target[lengthByte] = isOptions ? source[lengthByte] : target[lengthByte];
    }

    public override void Clear(ref HeaderRecord record)
    {
        var bytes = WritableBytesOf(ref record);
        for (var i = begin; i < end; i++)
        {
            bytes[i] &= (byte)~MaskOf(i);
        }
    }

    public override ulong Read(in HeaderRecord record)
    {
        if (headerField.Bits > BitsOfNumber)
        {
            return HashOf(Value(record));
        }

        // Taken byte by byte before the surplus bits are shifted out: no field of up to 64 bits spans nine bytes.
        var bytes = BytesOf(record);
        var number = 0UL;
        for (var i = begin; i < end; i++)
        {
            number = (number << 8) | (byte)(bytes[i] & MaskOf(i));
        }

        return number >> ((8 - ((headerField.FirstBit + headerField.Bits) % 8)) % 8);
    }

    public override string Format(in HeaderRecord record) => headerField.Bits switch
    {
        <= BitsOfNumber when headerField.Name is "ipv4_src" or "ipv4_dst" => string.Join('.', Value(record).ToArray()),
        <= BitsOfNumber => $"{Read(record)}",
        128 => $"{new System.Net.IPAddress(Value(record))}",
        _ => Value(record).IsEmpty ? "none" : $"0x{Convert.ToHexStringLower(Value(record))}",
    };

    /// <summary>Whole bytes: of options as many as there are.</summary>
    ReadOnlySpan<byte> Value(in HeaderRecord record)
    {
        var bytes = BytesOf(record);
        return isOptions ? bytes.Slice(begin, bytes[lengthByte] - minLength) : bytes[begin..end];
    }

    byte MaskOf(int place) =>
        (byte)((place == begin ? firstMask : 0xff) & (place == end - 1 ? lastMask : 0xff));
}
