namespace ServeFlow.Onnx.Protobuf;

/// <summary>
/// Walks the fields of one message in protocol buffers' wire format. Reads nothing outside the span; what is no
/// message ends in <see cref="IsDamaged"/>.
/// </summary>
ref struct MessageReader(ReadOnlySpan<byte> message)
{
    ReadOnlySpan<byte> rest = message;

    /// <summary>Gets the number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    /// <summary>Gets its value where it is an integer; 0 otherwise.</summary>
    public ulong Integer { get; private set; }

    /// <summary>Gets its bytes where it is a text, a message or packed values; empty otherwise.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The walk ended before the message did.</summary>
    public bool IsDamaged { get; private set; }

    public bool Next()
    {
        if (rest.IsEmpty || IsDamaged)
        {
            return false;
        }

        Integer = 0;
        Bytes = default;
        IsDamaged = !TryVarint(out var key) || !TryValue((int)(key & 7)) || key >> 3 is 0 or > int.MaxValue;
        Field = (int)(key >> 3);
        return !IsDamaged;
    }

    bool TryValue(int wireType)
    {
        switch (wireType)
        {
            case 0:
                var read = TryVarint(out var integer);
                Integer = integer;
                return read;
            case 1:
                return TryTake(sizeof(ulong), out _);
            case 2:
                var taken = TryVarint(out var length) & TryTake(length, out var bytes);
                Bytes = bytes;
                return taken;
            case 5:
                return TryTake(sizeof(uint), out _);
            default:
                return false; // groups, which ONNX has none of
        }
    }

    bool TryTake(ulong length, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (length > (ulong)rest.Length)
        {
            return false;
        }

        bytes = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    bool TryVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < rest.Length && i < 10; i++)
        {
            value |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
