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
    /// Writes each character that commands as its number: <c>\x1b</c>, <c>\u202e</c>, <c>\U000e0001</c>. All other
    /// characters stay, a backslash too.
    /// </summary>
    public static string Escape(string text)
    {
        if (IsPrintable(text))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Commands(rune))
            {
                escaped.Append(Number(rune));
            }
            else
            {
                escaped.Append(rune);
            }
        }

        return escaped.ToString();
    }

    /// <summary>Determines whether a text has no character that commands.</summary>
    public static bool IsPrintable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Commands(rune))
            {
                return false;
            }
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

    static string Number(Rune rune) => rune.Value switch
    {
        <= LastLatin1 => $"\\x{rune.Value:x2}",
        <= LastOfTwoBytes => $"\\u{rune.Value:x4}",
        _ => $"\\U{rune.Value:x8}",
    };
}
