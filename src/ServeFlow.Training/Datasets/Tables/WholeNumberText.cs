using System.Globalization;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>Reads whole numbers as tables spell them.</summary>
static class WholeNumberText
{
    /// <summary>
    /// Reads a port. Empty is 0: protocols without ports have none to give. A table with missing values makes decimals
    /// of its numbers (<c>443.0</c>, or <c>443,0</c> where the comma is the decimal sign); argus writes some in
    /// hexadecimal (<c>0x01bb</c>).
    /// </summary>
    public static bool TryParsePort(string text, out ushort port)
    {
        if (text.Length == 0)
        {
            port = 0;
            return true;
        }

        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ushort.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out port)
            : ushort.TryParse(DropFraction(text), NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }

    /// <summary>Returns a number without a fraction of zeros; every other text as it is.</summary>
    public static ReadOnlySpan<char> DropFraction(string text)
    {
        var point = text.AsSpan().IndexOfAny('.', ',');
        return point > 0 && point < text.Length - 1 && text.AsSpan(point + 1).TrimStart('0').IsEmpty
            ? text.AsSpan(0, point)
            : text;
    }
}
