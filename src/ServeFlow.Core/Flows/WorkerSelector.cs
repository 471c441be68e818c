using System.Buffers.Binary;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;

namespace ServeFlow.Flows;

/// <summary>
/// Selects which of several workers a packet belongs to, by its innermost pair of addresses: both directions of a flow
/// meet, and so do fragments. Packets without an IP header go to the first worker.
/// </summary>
public sealed class WorkerSelector(int workers)
{
    const int EthernetLength = 14;
    const ushort Ipv4 = 0x0800;
    const byte PlainHeader = 0x45;
    const int Ipv4Length = 20;
    const int TcpLength = 20;

    readonly Tally<IgnoreReason> scratch = new();

    /// <summary>0 to workers − 1. Depends on nothing but the packet.</summary>
    /// <param name="movesTime">Whether the packet's time counts: that of a packet which is ignored does not.</param>
    public int Select(in PacketSlot packet, out bool movesTime)
    {
        movesTime = true;
        if (TryReadPlain(packet, out var addresses))
        {
            return ToWorker(Mix((uint)(addresses >> 32)) + Mix((uint)addresses));
        }

        if (!PacketDecoder.TryDecode(packet, out var headers, scratch))
        {
            movesTime = false;
            return 0;
        }

        return ToWorker(Mix(headers.Source) + Mix(headers.Destination));
    }

    /// <summary>
    /// TCP over IPv4 over Ethernet is no tunnel and always decodes: its addresses are known without more ado.
    /// </summary>
    static bool TryReadPlain(in PacketSlot packet, out ulong addresses)
    {
        var bytes = packet.Bytes;
        addresses = 0;
        if (packet.LinkType != LinkType.Ethernet || bytes.Length < EthernetLength + Ipv4Length + TcpLength)
        {
            return false;
        }

        var ip = bytes[EthernetLength..];
        addresses = BinaryPrimitives.ReadUInt64BigEndian(ip[12..]);
        return BinaryPrimitives.ReadUInt16BigEndian(bytes[12..]) == Ipv4 && ip[0] == PlainHeader
            && ip[9] == IpProtocol.Tcp && BinaryPrimitives.ReadUInt16BigEndian(ip[2..]) >= Ipv4Length + TcpLength;
    }

    /// <summary>Mixes an address; an IPv4 address mixes as its 32 bits.</summary>
    static ulong Mix(IpAddress address) =>
        address.IsIpv4 ? Mix((uint)address.Low) : Mix(address.High ^ Mix(address.Low));

    /// <summary>
    /// Applies the finaliser of MurmurHash3 (Appleby): every bit of the word reaches every bit of the result.
    /// </summary>
    static ulong Mix(ulong word)
    {
        word = (word ^ (word >> 33)) * 0xff51_afd7_ed55_8ccd;
        word = (word ^ (word >> 33)) * 0xc4ce_b9fe_1a85_ec53;
        return word ^ (word >> 33);
    }

    int ToWorker(ulong hash) => (int)(((hash >> 32) * (ulong)workers) >> 32);
}
