using System.Text;

namespace ServeFlow.Sinks.Formats;

/// <summary>Text as Zeek's reader wants it.</summary>
static class ZeekText
{
    const int MaxUtf8Length = 4;

    /// <summary>
    /// Writes the bytes of what commands and of backslashes as <c>\xNN</c>, and likewise the first byte of what the
    /// reader would take for no value or an empty one.
    /// </summary>
    public static byte[] Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        var isReserved = text is "-" or "(empty)";
        foreach (var rune in text.EnumerateRunes())
        {
            if (PrintableText.Commands(rune) || rune.Value == '\\' || (isReserved && encoded.Length == 0))
            {
                AppendHex(encoded, rune);
            }
            else
            {
                encoded.Append(rune);
            }
        }

        return Encoding.UTF8.GetBytes(text.Length == 0 ? "(empty)" : encoded.ToString());
    }

    static void AppendHex(StringBuilder text, Rune rune)
    {
        Span<byte> bytes = stackalloc byte[MaxUtf8Length];
        foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
        {
            text.Append($"\\x{value:x2}");
        }
    }
}
