using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace ServeFlow.Features;

/// <summary>
/// IPv6 addresses as C's <c>inet_ntop</c> spells them. The BCL's text differs where an address embeds an IPv4
/// address: it knows forms (ISATAP) that <c>inet_ntop</c> does not.
/// </summary>
static class Ipv6Text
{
    /// <summary>Six groups of four digits and a dotted quad: INET6_ADDRSTRLEN without its NUL.</summary>
    public const int MaxLength = 45;

    const int Groups = 8;

    public static string Of(ReadOnlySpan<byte> address)
    {
        Span<ushort> groups = stackalloc ushort[Groups];
        for (var i = 0; i < Groups; i++)
        {
            groups[i] = BinaryPrimitives.ReadUInt16BigEndian(address[(2 * i)..]);
        }

        var (start, length) = LongestZeros(groups);
        // ::a.b.c.d and ::ffff:a.b.c.d
        var embedsIpv4 = start == 0 && (length == 6 || (length == 5 && groups[5] == 0xffff));
        var text = new StringBuilder(MaxLength);
        for (var i = 0; i < (embedsIpv4 ? 6 : Groups); i++)
        {
            if (length > 0 && i == start)
            {
                text.Append("::");
                i += length - 1;
                continue;
            }

            text.Append(text.Length > 0 && text[^1] != ':' ? ":" : "").Append(groups[i].ToString("x"));
        }

        if (embedsIpv4)
        {
            text.Append(text[^1] != ':' ? ":" : "").Append(new IPAddress(address[12..]));
        }

        return text.ToString();
    }

    /// <summary>The first longest run of at least two zero groups; length 0 where there is none.</summary>
    static (int Start, int Length) LongestZeros(ReadOnlySpan<ushort> groups)
    {
        var best = (Start: -1, Length: 1);
        for (var i = 0; i < groups.Length; i++)
        {
            var end = i;
            while (end < groups.Length && groups[end] == 0)
            {
                end++;
            }

            if (end - i > best.Length)
            {
                best = (i, end - i);
            }

            i = Math.Max(i, end - 1);
        }

        return best.Start < 0 ? (-1, 0) : best;
    }
}
