using System.Buffers;
using System.Text;

namespace ServeFlow;

/// <summary>
/// Turns paths of the kernel, which are bytes and need not be UTF-8, into text and back without a loss. A byte that
/// belongs to no character stands in the text as a lone surrogate, U+DC80 to U+DCFF, as in Python (PEP 383). The base
/// library puts U+FFFD there, which leads to no file.
/// </summary>
public static class PathBytes
{
    /// <summary>Specifies the surrogate that stands for a byte of value 0.</summary>
    const int Base = 0xdc00;

    const char First = '\udc80';
    const char Last = '\udcff';

    /// <summary>Gets the text of a path, without a byte of zero at its end.</summary>
    public static string Decode(ReadOnlySpan<byte> path)
    {
        var text = new StringBuilder(path.Length);
        while (!path.IsEmpty)
        {
            var isText = Rune.DecodeFromUtf8(path, out var rune, out var length) == OperationStatus.Done;
            if (isText)
            {
                text.Append(rune);
            }
            else
            {
                foreach (var value in path[..length])
                {
                    text.Append((char)(Base + value));
                }
            }

            path = path[length..];
        }

        return text.ToString();
    }

    /// <summary>
    /// Determines whether every byte of a path belongs to a character, so that the base library opens it.
    /// </summary>
    public static bool IsText(string path)
    {
        for (var at = 0; at < path.Length;)
        {
            var status = Rune.DecodeFromUtf16(path.AsSpan(at), out _, out var length);
            if (status != OperationStatus.Done && IsByte(path[at]))
            {
                return false;
            }

            at += length;
        }

        return true;
    }

    /// <summary>Gets a path with each byte that belongs to no character as its number: <c>caf\xe9.pcap</c>.</summary>
    public static string ToText(string path) => IsText(path) ? path : PrintableText.Escape(path);

    /// <summary>Gets the bytes of a path with a zero behind them, as system calls take it.</summary>
    internal static byte[] Encode(string path)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        var count = 0;
        for (var at = 0; at < path.Length;)
        {
            var status = Rune.DecodeFromUtf16(path.AsSpan(at), out var rune, out var length);
            if (status != OperationStatus.Done && IsByte(path[at]))
            {
                bytes[count++] = (byte)(path[at] - Base);
            }
            else
            {
                count += rune.EncodeToUtf8(bytes.AsSpan(count));
            }

            at += length;
        }

        return bytes[..(count + 1)];
    }

    /// <summary>Determines whether a surrogate that has no partner stands for a byte.</summary>
    internal static bool IsByte(char surrogate) => surrogate is >= First and <= Last;
}
