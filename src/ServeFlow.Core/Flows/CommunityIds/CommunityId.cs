using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using ServeFlow.Packets;

namespace ServeFlow.Flows.CommunityIds;

/// <summary>
/// Community ID version 1 (the public Community ID flow hashing specification): <c>"1:"</c> and the base64 of the
/// SHA-1 over seed, both addresses, protocol, a zero byte and both ports, in network order, smaller end first. The
/// flow key's order is the specification's own, one-way ICMP messages included.
/// </summary>
public static class CommunityId
{
    /// <summary>Characters of every identifier: the version's two and 28 of base64.</summary>
    public const int Length = 30;

    /// <summary>Seed 2, addresses 2 × 16, protocol and padding 2, ports 2 × 2.</summary>
    const int MaxInputLength = 40;

    /// <summary>Returns the identifier of a flow.</summary>
    /// <param name="seed">0 by default everywhere; another one keeps foreign identifiers from matching.</param>
    public static string Compute(in Flow flow, ushort seed)
    {
        Span<byte> text = stackalloc byte[Length];
        TryFormat(flow.Key, seed, text);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>Writes the identifier as ASCII; false where <paramref name="destination"/> is too short.</summary>
    public static bool TryFormat(in FlowKey key, ushort seed, Span<byte> destination)
    {
        if (destination.Length < Length)
        {
            return false;
        }

        Span<byte> input = stackalloc byte[MaxInputLength];
        Span<byte> hash = stackalloc byte[Sha1Block.HashLength];
        Sha1Block.Hash(input[..WriteInput(key, seed, input)], hash);
        WriteBase64(hash, destination);
        return true;
    }

    /// <summary>Writes the identifier of a hash.</summary>
    internal static void WriteBase64(ReadOnlySpan<byte> hash, Span<byte> destination)
    {
        "1:"u8.CopyTo(destination);
        Base64.EncodeToUtf8(hash, destination[2..], out _, out _);
    }

    /// <summary>Writes the bytes that are hashed, at most 40, and returns their length.</summary>
    internal static int WriteInput(in FlowKey key, ushort seed, Span<byte> input)
    {
        BinaryPrimitives.WriteUInt16BigEndian(input, seed);
        var length = 2;
        length += Write(key.LowAddress, key.IpVersion, input[length..]);
        length += Write(key.HighAddress, key.IpVersion, input[length..]);
        input[length++] = key.Protocol;
        input[length++] = 0;
        if (HasPorts(key.Protocol))
        {
            BinaryPrimitives.WriteUInt16BigEndian(input[length..], key.LowPort);
            BinaryPrimitives.WriteUInt16BigEndian(input[(length + 2)..], key.HighPort);
            length += 4;
        }

        return length;
    }

    /// <summary>An IPv4-mapped address inside an IPv6 packet stays sixteen bytes.</summary>
    static int Write(IpAddress address, byte ipVersion, Span<byte> destination)
    {
        if (ipVersion != 6)
        {
            return address.WriteBytes(destination);
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], address.Low);
        return 16;
    }

    static bool HasPorts(byte protocol) => protocol is IpProtocol.Icmp or IpProtocol.Tcp or IpProtocol.Udp
        or IpProtocol.IcmpV6 or IpProtocol.Sctp;
}
