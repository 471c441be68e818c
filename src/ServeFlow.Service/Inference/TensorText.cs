using System.Buffers.Text;
using System.Text;

namespace ServeFlow.Service.Inference;

/// <summary>
/// Reads the numbers of a tensor from JSON, flat or as rows. A general reader takes ten times as long, and a request
/// has some hundred thousand of them.
/// </summary>
static class TensorText
{
    /// <summary>Finds the end of an array of numbers; −1 where it has none, or holds something else.</summary>
    /// <param name="text">Begins with the array's bracket.</param>
    /// <returns>The place behind its closing bracket.</returns>
    public static int FindEnd(ReadOnlySpan<byte> text)
    {
        var (depth, at) = (0, 0);
        while (text[at..].IndexOfAny("[]\"{"u8) is >= 0 and var step)
        {
            at += step + 1;
            switch (text[at - 1])
            {
                case (byte)'[':
                    depth++;
                    break;
                case (byte)']' when --depth == 0:
                    return at;
                case (byte)'"' or (byte)'{':
                    return -1;
            }
        }

        return -1;
    }

    /// <summary>Reads all numbers.</summary>
    /// <param name="text">The array without its own brackets.</param>
    /// <param name="target">What takes them.</param>
    /// <exception cref="RequestException">One is none, or they are not as many as the shape says.</exception>
    public static void Read(ReadOnlySpan<byte> text, TensorRows target)
    {
        var (at, inRow, mayEnd) = (0, false, true);
        while (SkipSpace(text, ref at))
        {
            if (text[at] == '[' && !inRow && target.IsRowStart)
            {
                (inRow, at) = (true, at + 1);
                SkipSpace(text, ref at);
            }

            at += target.AddTernaryRun(text[at..]);
            if (!SkipSpace(text, ref at))
            {
                mayEnd = false;
                break;
            }

            at += target.Add(text[at..]);
            SkipSpace(text, ref at);
            if (at < text.Length && text[at] == ']' && inRow && target.IsRowStart)
            {
                (inRow, at) = (false, at + 1);
                SkipSpace(text, ref at);
            }

            mayEnd = at == text.Length;
            if (!mayEnd && text[at++] != ',')
            {
                throw target.Problem(text[(at - 1)..], "give numbers with commas between them, flat or as rows");
            }
        }

        if (!mayEnd || inRow)
        {
            throw target.Problem(default, "ends in the middle of a row");
        }

        target.CheckCount();
    }

    /// <summary>Reads the number that a text begins with.</summary>
    /// <param name="isWhole">Whether it is a whole number from −128 to 127.</param>
    /// <returns>Its length; 0 where there is none.</returns>
    public static int ReadNumber(ReadOnlySpan<byte> text, bool isWhole, out float value)
    {
        var length = 0;
        value = 0;
        if (isWhole)
        {
            if (Utf8Parser.TryParse(text, out sbyte small, out length) && IsEnd(text, length) && text[0] != '+')
            {
                value = small;
                return length;
            }

            return 0;
        }

        return Utf8Parser.TryParse(text, out value, out length) && IsEnd(text, length) && float.IsFinite(value)
            ? length : 0;
    }

    /// <summary>Quotes what stands where a number should.</summary>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        var end = text.IsEmpty ? -1 : text[1..].IndexOfAny(",] \n"u8);
        return InputException.Quote(Encoding.UTF8.GetString(text[..Math.Min(end < 0 ? text.Length : end + 1, 24)]));
    }

    static bool IsEnd(ReadOnlySpan<byte> text, int length) =>
        length == text.Length || text[length] is (byte)',' or (byte)']' or <= (byte)' ';

    /// <summary>Goes over white space; false where the text ends.</summary>
    static bool SkipSpace(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at < text.Length;
    }
}
