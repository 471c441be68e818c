using System.Text;
using ServeFlow.Flows;

namespace ServeFlow.Sinks.Formats;

/// <summary>Writes text and a connection's name as Zeek's reader wants them.</summary>
static class ZeekText
{
    const int MaxUtf8Length = 4;
    const int UidHalf = 9;
    const int UidLength = 18;

    static ReadOnlySpan<byte> UidDigits => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8;

    /// <summary>Writes a connection's <c>uid</c>: 'C' and 17 letters or digits, the same in every run.</summary>
    public static int WriteUid(in Flow flow, Span<byte> text)
    {
        text[0] = (byte)'C';
        WriteBase62(FlowId.Mix(flow, 1), text[1..(1 + UidHalf)]);
        WriteBase62(FlowId.Mix(flow, 2), text[(1 + UidHalf)..UidLength]);
        return UidLength;
    }

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

    static void WriteBase62(ulong value, Span<byte> text)
    {
        foreach (ref var digit in text)
        {
            digit = UidDigits[(int)(value % 62)];
            value /= 62;
        }
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
