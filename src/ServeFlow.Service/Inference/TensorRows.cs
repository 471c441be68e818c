namespace ServeFlow.Service.Inference;

/// <summary>Takes a tensor's numbers in their order and keeps those of the columns that a model reads.</summary>
/// <param name="rows">The rows of the tensor.</param>
/// <param name="width">The columns of a row.</param>
/// <param name="isTernary">Whether each number is −1, 0 or 1.</param>
sealed class TensorRows(int rows, int width, ReadOnlySpan<int> columns, bool isTernary)
{
    readonly int[] columns = columns.ToArray();
    readonly float[] values = new float[rows * columns.Length];
    long count;
    int column;
    int next;
    int kept;

    /// <summary>Gets what was kept, [rows × columns], row-major.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>Gets whether the next number is the first of a row.</summary>
    public bool IsRowStart => column == 0;

    /// <summary>Takes the number that a text begins with; gives its length.</summary>
    /// <exception cref="RequestException">There is none, or it is one too many.</exception>
    public int Add(ReadOnlySpan<byte> text)
    {
        var length = TensorText.ReadNumber(text, isTernary, out var value);
        if (length == 0)
        {
            throw Problem(text, isTernary ? "give -1, 0 or 1" : "give a number");
        }

        Add(value, text);
        return length;
    }

    /// <summary>Takes the numbers of a binary tensor.</summary>
    /// <exception cref="RequestException">They are not as many as the shape says.</exception>
    public void AddBinary(ReadOnlySpan<byte> bytes)
    {
        var size = isTernary ? 1 : sizeof(float);
        if (bytes.Length != (long)rows * width * size)
        {
            throw RequestException.Field("inputs[0].parameters.binary_data_size", $"{bytes.Length} bytes, and the "
                + $"shape has {(long)rows * width * size}");
        }

        for (var at = 0; at < bytes.Length; at += size)
        {
            var value = isTernary ? (sbyte)bytes[at] : BitConverter.ToSingle(bytes[at..]);
            if (!float.IsFinite(value))
            {
                throw Problem("NaN"u8, "give a number");
            }

            Add(value, default);
        }
    }

    /// <summary>Checks that every row is whole.</summary>
    /// <exception cref="RequestException">There are fewer numbers than the shape says.</exception>
    public void CheckCount()
    {
        if (count != (long)rows * width)
        {
            throw RequestException.Field("inputs[0].data", $"has {count} numbers, and the shape [{rows}, {width}] has "
                + $"{(long)rows * width}");
        }
    }

    /// <summary>Creates the answer to a number that is wrong.</summary>
    public RequestException Problem(ReadOnlySpan<byte> text, string problem) => RequestException.Field(
        $"inputs[0].data[{count}]", text.IsEmpty ? problem : $"'{TensorText.Quote(text)}': {problem}");

    void Add(float value, ReadOnlySpan<byte> text)
    {
        if (count == (long)rows * width)
        {
            throw RequestException.Field("inputs[0].data", $"has more numbers than the shape [{rows}, {width}]");
        }

        if (isTernary && value is not (-1 or 0 or 1))
        {
            throw Problem(text, $"{value}: give -1, 0 or 1");
        }

        if (next < columns.Length && columns[next] == column)
        {
            values[kept++] = value;
            next++;
        }

        count++;
        if (++column == width)
        {
            (column, next) = (0, 0);
        }
    }
}
