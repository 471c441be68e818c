using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>
/// Hashes what two copies of one packet have in common: addresses, protocol, IP length, identification and fragment
/// offset, and the first 48 bytes from the transport header on, so ports, sequence numbers, flags, checksum, options
/// and the beginning of the payload. What may differ between copies is left out: link-layer addresses, tags, padding,
/// time to live, traffic class and header checksum. Not keyed: whoever makes fingerprints collide hides nothing but
/// repeats of his own packets.
/// </summary>
/// <param name="Hash">64 bits, all of which depend on all of the above.</param>
/// <param name="HasId">Whether the IP header numbers packets: IPv4 with an identification other than 0.</param>
/// <param name="Path">
/// Eight bits of the way that the packet came: link-layer header, time to live, interface. Copies of different ways
/// are told from repeats by the sender.
/// </param>
readonly record struct PacketFingerprint(ulong Hash, bool HasId, byte Path)
{
    /// <summary>Covers TCP with timestamps and some payload, or UDP and the beginning of what it carries.</summary>
    const int BodyLength = 48;

    const int Ipv4Length = 20;
    const int Ipv6Length = 40;

    // Odd numbers without structure: SplitMix64 (Steele, Lea and Flood 2014) of 1 to 8, the lowest bit set.
    const ulong Key0 = 0x910a_2dec_8902_5cc1;
    const ulong Key1 = 0x9758_35de_1c97_56cf;
    const ulong Key2 = 0x1d0b_14e4_db01_8fed;
    const ulong Key3 = 0x6e73_e372_e233_8acb;
    const ulong Key4 = 0x6303_3b0c_a389_c35b;
    const ulong Key5 = 0xbd64_a5d9_adef_e001;
    const ulong Key6 = 0x63cb_e1e4_5932_0dd7;
    const ulong Key7 = 0x9e56_51b0_ef95_3637;

    /// <summary>False where the IP header was not captured whole.</summary>
    public static bool TryCompute(in PacketSlot packet, in PacketHeaders headers, out PacketFingerprint fingerprint)
    {
        var bytes = packet.Bytes;
        var network = headers.NetworkOffset;
        var isIpv4 = headers.IpVersion == 4;
        if (bytes.Length - network < (isIpv4 ? Ipv4Length : Ipv6Length))
        {
            fingerprint = default;
            return false;
        }

        ref var start = ref MemoryMarshal.GetReference(bytes);
        ref var ip = ref Unsafe.Add(ref start, network);
        var id = isIpv4 ? Read32(ref ip, 4) & 0xff1f_ffff : 0; // little endian: identification, then the offset
        var word = (uint)headers.IpLength | ((ulong)headers.Protocol << 24) | ((ulong)id << 32);
        var hash = FlowHash.Fold(headers.Source.Low ^ BitOperations.RotateLeft(headers.Source.High, 23) ^ Key0,
            headers.Destination.Low ^ BitOperations.RotateLeft(headers.Destination.High, 23) ^ Key1) ^ word;
        hash = FlowHash.Fold(hash ^ HashBody(ref start, bytes.Length, headers), Key1);
        var lifetime = Unsafe.Add(ref ip, isIpv4 ? 8 : 7);
        fingerprint = new(hash, (id & 0xffff) != 0, HashPath(ref start, lifetime, packet.InterfaceIndex));
        return true;
    }

    /// <summary>
    /// Hashes the transport header and what follows, as far as it was captured and belongs to the packet.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong HashBody(ref byte start, int captured, in PacketHeaders headers)
    {
        var from = headers.TransportOffset > 0
            ? headers.TransportOffset
            : headers.NetworkOffset + headers.NetworkLength;
        var end = headers.NetworkOffset + headers.IpLength;
        var length = Math.Min(Math.Min(captured, end) - from, BodyLength);
        if (length < BodyLength && captured < end)
        {
            // A snap length cuts the copy with a tag earlier: only what both surely have is compared.
            length = Math.Min(length, headers.Protocol == IpProtocol.Tcp ? 20 : 8);
        }

        ref var body = ref Unsafe.Add(ref start, from);
        if (length < 16)
        {
            return HashShort(ref body, length);
        }

        ref var middle = ref Unsafe.Add(ref body, Math.Min(16, length - 16));
        ref var last = ref Unsafe.Add(ref body, length - 16);
        return FlowHash.Fold(Read64(ref body, 0) ^ Key2, Read64(ref body, 8) ^ Key3)
            ^ FlowHash.Fold(Read64(ref middle, 0) ^ Key4, Read64(ref middle, 8) ^ Key5)
            ^ FlowHash.Fold(Read64(ref last, 0) ^ Key6, Read64(ref last, 8) ^ Key7);
    }

    static ulong HashShort(ref byte body, int length)
    {
        if (length >= 8)
        {
            return FlowHash.Fold(Read64(ref body, 0) ^ Key2, Read64(ref body, length - 8) ^ Key3);
        }

        var word = 0UL;
        for (var i = 0; i < length; i++)
        {
            word = (word << 8) | Unsafe.Add(ref body, i);
        }

        return FlowHash.Fold(word ^ Key2, Key3);
    }

    /// <summary>
    /// Hashes an Ethernet header with its tag, or what another link type has in the first sixteen bytes.
    /// </summary>
    static byte HashPath(ref byte start, byte lifetime, int interfaceIndex)
    {
        var way = Read64(ref start, 0) ^ BitOperations.RotateLeft(Read64(ref start, 8), 29)
            ^ ((ulong)lifetime << 40) ^ ((ulong)(uint)interfaceIndex << 20);
        return (byte)((way * Key2) >> 56);
    }

    static ulong Read64(ref byte from, int offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, offset));

    static uint Read32(ref byte from, int offset) => Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, offset));
}
