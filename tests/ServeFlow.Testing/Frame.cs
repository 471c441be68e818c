using System.Buffers.Binary;
using System.Net;

namespace ServeFlow.Testing;

/// <summary>Builds the bytes of packets, header by header: each method puts one header before its payload.</summary>
public static class Frame
{
    public const ushort Ip4 = 0x0800;
    public const ushort Ip6 = 0x86dd;

    public static byte[] Ethernet(int type, byte[] payload) =>
        [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, .. Big16(type), .. payload];

    public static byte[] Vlan(int id, int type, byte[] payload) => [.. Big16(id), .. Big16(type), .. payload];

    public static byte[] Ipv4(string source, string destination, int protocol, byte[] payload, int fragment = 0,
        int? totalLength = null, byte[]? options = null)
    {
        options ??= [];
        var length = 20 + options.Length;
        return
        [
            (byte)(0x40 | (length / 4)), 0, .. Big16(totalLength ?? length + payload.Length),
            0, 1, .. Big16(fragment), 64, (byte)protocol, 0, 0,
            .. IPAddress.Parse(source).GetAddressBytes(), .. IPAddress.Parse(destination).GetAddressBytes(),
            .. options, .. payload,
        ];
    }

    public static byte[] Ipv6(string source, string destination, int next, byte[] payload, int? payloadLength = null) =>
    [
        0x60, 0, 0, 0, .. Big16(payloadLength ?? payload.Length), (byte)next, 64,
        .. IPAddress.Parse(source).GetAddressBytes(), .. IPAddress.Parse(destination).GetAddressBytes(), .. payload,
    ];

    /// <summary>An IPv6 extension header of <paramref name="length"/> bytes (a multiple of 8).</summary>
    public static byte[] Extension(int next, int length, byte[] payload) =>
        [(byte)next, (byte)((length / 8) - 1), .. new byte[length - 2], .. payload];

    /// <summary>An IPv6 fragment header; <paramref name="offset"/> in units of eight bytes.</summary>
    public static byte[] Fragment6(int next, int offset, byte[] payload) =>
        [(byte)next, 0, .. Big16(offset << 3), 0, 0, 0, 7, .. payload];

    public static byte[] Tcp(int sourcePort, int destinationPort, byte flags = 2, uint sequence = 1,
        uint acknowledgement = 0, byte[]? options = null, byte[]? payload = null)
    {
        options ??= [];
        return
        [
            .. Big16(sourcePort), .. Big16(destinationPort), .. Big32(sequence), .. Big32(acknowledgement),
            (byte)((20 + options.Length) / 4 << 4), flags, 0x20, 0, 0, 0, 0, 0, .. options, .. payload ?? [],
        ];
    }

    public static byte[] Udp(int sourcePort, int destinationPort, byte[] payload) =>
        [.. Big16(sourcePort), .. Big16(destinationPort), .. Big16(8 + payload.Length), 0, 0, .. payload];

    public static byte[] Icmp(int type, int code, byte[] payload) =>
        [(byte)type, (byte)code, 0, 0, 0, 1, 0, 1, .. payload];

    /// <summary>A TCP packet from 10.0.0.1:1234 to 10.0.0.2:80 in Ethernet and IPv4.</summary>
    public static byte[] Simple(byte[]? payload = null) => Ethernet(Ip4, SimpleIp(payload));

    /// <inheritdoc cref="Simple"/>
    public static byte[] SimpleIp(byte[]? payload = null) =>
        Ipv4("10.0.0.1", "10.0.0.2", 6, Tcp(1234, 80, payload: payload));

    public static byte[] Big16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }

    public static byte[] Big32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
