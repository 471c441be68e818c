using System.Runtime.InteropServices;

namespace ServeFlow.Service.Inference;

/// <summary>Takes a tensor's numbers in their order and keeps those of the columns that a model reads.</summary>
/// <param name="rows">The rows of the tensor.</param>
/// <param name="width">The columns of a row.</param>
/// <param name="columns">The columns that are kept, ascending.</param>
/// <param name="isTernary">Whether each number is −1, 0 or 1.</param>
sealed class TensorRows(int rows, int width, ReadOnlySpan<int> columns, bool isTernary)
{
    readonly int[] columns = columns.ToArray();
    readonly float[] values = new float[rows * columns.Length];
    readonly float[] row = new float[width];
    int rowsKept;
    int column;

    /// <summary>Gets what was kept, [rows × columns], row-major.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>Gets whether the next number is the first of a row.</summary>
    public bool IsRowStart => column == 0;

    long Count => ((long)rowsKept * width) + column;

    /// <summary>Takes the number that a text begins with; gives its length.</summary>
    /// <exception cref="RequestException">There is none, or it is one too many.</exception>
    public int Add(ReadOnlySpan<byte> text)
    {
        var length = TensorText.ReadNumber(text, isTernary, out var value);
        if (length == 0)
        {
            throw Problem(text, isTernary ? "give -1, 0 or 1" : "give a number");
        }

        if (rowsKept == rows)
        {
            throw RequestException.Field("inputs[0].data", $"has more numbers than the shape [{rows}, {width}]");
        }

        if (isTernary && value is not (-1 or 0 or 1))
        {
            throw Problem(text, $"{value}: give -1, 0 or 1");
        }

        row[column++] = value;
        KeepWholeRow();
        return length;
    }

    /// <summary>
    /// Takes -1, 0 and 1 as most clients write them, each with its comma and at most a space behind that, up to the
    /// last number of a row or anything else. Gives the length of what was taken.
    /// </summary>
    public int AddTernaryRun(ReadOnlySpan<byte> text)
    {
        if (!isTernary || rowsKept == rows)
        {
            return 0;
        }

        var (at, next) = (0, column);
        while (next < width - 1)
        {
            var sign = at < text.Length && text[at] == '-' ? 1 : 0;
            var comma = at + sign + 1;
            if (comma >= text.Length || text[comma] != ',' || (uint)(text[comma - 1] - '0') > 1
                || (sign == 1 && text[comma - 1] == '0'))
            {
                break;
            }

            row[next++] = (text[comma - 1] - '0') * (1 - (2 * sign));
            at = comma + (comma + 1 < text.Length && text[comma + 1] == ' ' ? 2 : 1);
        }

        column = next;
        return at;
    }

    /// <summary>Takes the numbers of a binary tensor.</summary>
    /// <param name="field">What says how many bytes there are.</param>
    /// <exception cref="RequestException">They are not as many as the shape says.</exception>
    public void AddBinary(ReadOnlySpan<byte> bytes, string field = "inputs[0].parameters.binary_data_size")
    {
        var size = isTernary ? 1 : sizeof(float);
        if (bytes.Length != (long)rows * width * size)
        {
            throw RequestException.Field(field, $"{bytes.Length} bytes, and the "
                + $"shape has {(long)rows * width * size}");
        }

        if (isTernary)
        {
            AddBytes(MemoryMarshal.Cast<byte, sbyte>(bytes));
        }
        else
        {
            AddFloats(bytes);
        }
    }

    /// <summary>Checks that every row is whole.</summary>
    /// <exception cref="RequestException">There are fewer numbers than the shape says.</exception>
    public void CheckCount()
    {
        if (Count != (long)rows * width)
        {
            throw RequestException.Field("inputs[0].data", $"has {Count} numbers, and the shape [{rows}, {width}] has "
                + $"{(long)rows * width}");
        }
    }

    /// <summary>Creates the answer to a number that is wrong.</summary>
    public RequestException Problem(ReadOnlySpan<byte> text, string problem) =>
        ProblemAt(Count, text.IsEmpty ? problem : $"'{TensorText.Quote(text)}': {problem}");

    static RequestException ProblemAt(long place, string problem) =>
        RequestException.Field($"inputs[0].data[{place}]", problem);

    void AddBytes(ReadOnlySpan<sbyte> numbers)
    {
        var wrong = numbers.IndexOfAnyExceptInRange((sbyte)-1, (sbyte)1);
        if (wrong >= 0)
        {
            throw ProblemAt(wrong, $"{numbers[wrong]}: give -1, 0 or 1");
        }

        for (; rowsKept < rows; rowsKept++)
        {
            var from = numbers.Slice(rowsKept * width, width);
            var to = values.AsSpan(rowsKept * columns.Length, columns.Length);
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = from[columns[i]];
            }
        }
    }

    void AddFloats(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at += sizeof(float))
        {
            var value = BitConverter.ToSingle(bytes[at..]);
            if (!float.IsFinite(value))
            {
                throw ProblemAt(Count, "'NaN': give a number");
            }

            row[column++] = value;
            KeepWholeRow();
        }
    }

    void KeepWholeRow()
    {
        if (column < width)
        {
            return;
        }

        var to = values.AsSpan(rowsKept * columns.Length, columns.Length);
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = row[columns[i]];
        }

        (column, rowsKept) = (0, rowsKept + 1);
    }
}
