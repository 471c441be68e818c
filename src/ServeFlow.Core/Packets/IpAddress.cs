using System.Net;
using System.Text;

namespace ServeFlow.Packets;

/// <summary>Represents an IPv4 or IPv6 address as two host-order words; IPv4 is held as ::ffff:a.b.c.d.</summary>
public readonly record struct IpAddress(ulong High, ulong Low) : IComparable<IpAddress>
{
    const ulong Ipv4Prefix = 0x0000_ffff_0000_0000;

    public static IpAddress FromIpv4(uint hostOrder) => new(0, Ipv4Prefix | hostOrder);

    public bool IsIpv4 => High == 0 && Low >> 32 == 0xffff;

    public int CompareTo(IpAddress other) =>
        High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Writes the address in network byte order, 4 bytes or 16, and returns the length.</summary>
    public int WriteBytes(Span<byte> destination)
    {
        if (IsIpv4)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Low);
            return 4;
        }

        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
        return 16;
    }

    /// <summary>
    /// Reads a dotted quad of four decimal numbers without leading zeros, or RFC 4291 text, also with a zone, which is
    /// dropped. The BCL would read more: 10.1, 0x0a000001, and 010.0.0.1 as octal.
    /// </summary>
    public static bool TryParse(string text, out IpAddress address)
    {
        address = default;
        if (!HasStrictForm(text) || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out var length);
        address = length == 4
            ? FromIpv4(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes),
                System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        return true;
    }

    static bool HasStrictForm(string text)
    {
        var lastGroup = text.LastIndexOf(':') + 1;
        var quad = text.AsSpan(lastGroup);
        return text.Contains('.') && !text.Contains('%')
            ? IsQuad(quad) && !text.Contains('[')
            : lastGroup > 0 && !text.Contains('[');
    }

    /// <summary>Determines whether a text is four numbers from 0 to 255, each without a leading zero.</summary>
    static bool IsQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            parts++;
            if (part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0')
                || part.ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }
        }

        return parts == 4;
    }

    /// <summary>Dotted quad, or RFC 5952 text.</summary>
    public override string ToString() => ToString(IsIpv4 ? (byte)4 : (byte)6);

    /// <summary>
    /// Formats the address as a packet of this IP version means it: only IPv6 tells ::ffff:a.b.c.d from a.b.c.d.
    /// </summary>
    public string ToString(byte ipVersion)
    {
        Span<byte> text = stackalloc byte[AddressText.MaxLength];
        return Encoding.ASCII.GetString(text[..AddressText.Write(this, ipVersion, text)]);
    }
}
