using System.Buffers.Text;
using ServeFlow.Packets;

namespace ServeFlow.Sinks;

/// <summary>IPv6 addresses as RFC 5952 wants them: lower case, no leading zeros, the longest run of zeros as <c>::</c>.</summary>
static class Ipv6Text
{
    const int Groups = 8;

    public static int Write(IpAddress address, Span<byte> text)
    {
        var (zeros, zerosEnd) = LongestZeros(address);
        var length = 0;
        for (var i = 0; i < Groups; i++)
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
