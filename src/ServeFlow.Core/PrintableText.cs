using System.Buffers;
using System.Globalization;
using System.Text;

namespace ServeFlow;

/// <summary>
/// Foreign text, such as a file name or a label, in a form that cannot command what shows it: no escape sequence
/// reaches a terminal, no line break makes a second line, no mark turns the direction of what follows.
/// </summary>
public static class PrintableText
{
    const int LastLatin1 = 0xff;
    const int LastOfTwoBytes = 0xffff;

    /// <summary>
    /// Writes each character that commands as its number: <c>\x1b</c>, <c>\u202e</c>, <c>\U000e0001</c>, and so each
    /// byte of a path that is no text (<see cref="PathBytes"/>): <c>\xe9</c>. All other characters stay, a backslash
    /// too.
    /// </summary>
    public static string Escape(string text)
    {
        if (IsPrintable(text))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        for (var at = 0; at < text.Length;)
        {
            var isText = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length) == OperationStatus.Done;
            if (isText && !Commands(rune))
            {
                escaped.Append(rune);
            }
            else
            {
                escaped.Append(isText ? Number(rune.Value) : LoneNumber(text[at]));
            }

            at += length;
        }

        return escaped.ToString();
    }

    /// <summary>Determines whether a text has no character that commands, and no half of one.</summary>
    public static bool IsPrintable(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length) != OperationStatus.Done
                || Commands(rune))
            {
                return false;
            }

            at += length;
        }

        return true;
    }

    /// <summary>
    /// Determines whether a character commands: controls (C0, DEL, C1), line and paragraph separators, and invisible
    /// marks, those of direction among them. The joiners that Persian, Indian and emoji spelling needs do not.
    /// </summary>
    public static bool Commands(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => rune.Value is not (0x200c or 0x200d),
        _ => false,
    };

    static string LoneNumber(char surrogate) =>
        Number(PathBytes.IsByte(surrogate) ? (byte)surrogate : surrogate);

    static string Number(int value) => value switch
    {
        <= LastLatin1 => $"\\x{value:x2}",
        <= LastOfTwoBytes => $"\\u{value:x4}",
        _ => $"\\U{value:x8}",
    };
}
