using System.Buffers.Text;

namespace ServeFlow.Packets;

/// <summary>
/// Addresses as text (UTF-8): a dotted quad, or RFC 5952 as C's <c>inet_ntop</c> writes it, with the last 32 bits
/// of ::a.b.c.d and ::ffff:a.b.c.d dotted. The BCL's text differs: it knows forms (ISATAP) that
/// <c>inet_ntop</c> does not.
/// </summary>
static class AddressText
{
    /// <summary>Six groups of four digits and a dotted quad: INET6_ADDRSTRLEN without its NUL.</summary>
    public const int MaxLength = 45;

    const int Groups = 8;

    /// <summary>Writes an address and returns the length. The packet's IP version decides, not the address:
    /// an IPv6 packet may carry an address of the form in which IPv4 addresses are held.</summary>
    public static int Write(IpAddress address, byte ipVersion, Span<byte> text) =>
        ipVersion == 6 ? WriteIpv6(address, text) : WriteIpv4((uint)address.Low, text);

    static int WriteIpv4(uint address, Span<byte> text)
    {
        var length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            length += WriteByte((byte)(address >> shift), text[length..]);
            if (shift > 0)
            {
                text[length++] = (byte)'.';
            }
        }

        return length;
    }

    static int WriteByte(uint value, Span<byte> text)
    {
        var (hundreds, rest) = (value / 100, value % 100);
        var length = 0;
        if (hundreds > 0)
        {
            text[length++] = (byte)('0' + hundreds);
        }

        if (value >= 10)
        {
            text[length++] = (byte)('0' + (rest / 10));
        }

        text[length] = (byte)('0' + (rest % 10));
        return length + 1;
    }

    static int WriteIpv6(IpAddress address, Span<byte> text)
    {
        var (zeros, zerosEnd) = LongestZeros(address);
        var embedsIpv4 = zeros == 0 && (zerosEnd == 6 || (zerosEnd == 5 && Group(address, 5) == 0xffff));
        var length = 0;
        for (var i = 0; i < (embedsIpv4 ? 6 : Groups); i++)
        {
            if (i == zeros)
            {
                text[length++] = (byte)':';
                text[length++] = (byte)':';
                i = zerosEnd - 1;
                continue;
            }

            if (i > 0 && i != zerosEnd)
            {
                text[length++] = (byte)':';
            }

            Utf8Formatter.TryFormat(Group(address, i), text[length..], out var digits, 'x');
            length += digits;
        }

        if (embedsIpv4)
        {
            if (zerosEnd < 6)
            {
                text[length++] = (byte)':';
            }

            length += WriteIpv4((uint)address.Low, text[length..]);
        }

        return length;
    }

    static uint Group(IpAddress address, int i) =>
        (ushort)((i < 4 ? address.High : address.Low) >> (48 - (16 * (i & 3))));

    /// <summary>First of the longest runs of at least two zero groups; (−1, −1) where there is none.</summary>
    static (int Start, int End) LongestZeros(IpAddress address)
    {
        var best = (Start: -1, End: -1);
        for (var start = 0; start < Groups; start++)
        {
            var end = start;
            while (end < Groups && Group(address, end) == 0)
            {
                end++;
            }

            if (end - start > Math.Max(1, best.End - best.Start))
            {
                best = (start, end);
            }

            start = Math.Max(start, end - 1);
        }

        return best;
    }
}
