using System.Runtime.InteropServices;

namespace ServeFlow.Packets.Live;

/// <summary>
/// Numbers of the kernel's packet socket interface: linux/if_packet.h, linux/if_ether.h, asm/socket.h.
/// </summary>
static class PacketAbi
{
    /// <summary>AF_PACKET.</summary>
    public const int Family = 17;

    /// <summary>SOCK_RAW with SOCK_CLOEXEC: with the link-layer header.</summary>
    public const int RawSocket = 3 | CloseOnExec;

    /// <summary>SOCK_DGRAM with SOCK_CLOEXEC: without the link-layer header.</summary>
    public const int CookedSocket = 2 | CloseOnExec;

    const int CloseOnExec = 0x80000;

    /// <summary>ETH_P_ALL, in network byte order.</summary>
    public const ushort AllProtocols = 0x0300;

    public const int SocketLevel = 1;
    public const int SocketError = 4;
    public const int ReceiveBuffer = 8;
    public const int AttachFilter = 26;

    public const int PacketLevel = 263;
    public const int AddMembership = 1;
    public const int RxRing = 5;
    public const int Statistics = 6;
    public const int CopyThreshold = 7;
    public const int Version = 10;
    public const int Reserve = 12;
    public const int Fanout = 18;

    public const int Version2 = 1;
    public const int Version3 = 2;

    public const int FanoutHash = 0;
    public const int FanoutUniqueId = 0x2000;
    public const int FanoutDefragment = 0x8000;

    public const uint StatusUser = 1;

    /// <summary>TP_STATUS_COPY: the packet was too long for its place, and lies whole in the socket's queue.</summary>
    public const uint StatusCopy = 1 << 1;

    public const uint StatusVlanValid = 1 << 4;
    public const uint StatusVlanTpidValid = 1 << 6;

    /// <summary>MSG_DONTWAIT.</summary>
    public const int DoNotWait = 0x40;
}

/// <summary><c>struct tpacket_req3</c>; TPACKET_V2 reads the first four fields.</summary>
struct RingRequest
{
    public uint BlockSize;
    public uint BlockCount;
    public uint FrameSize;
    public uint FrameCount;

    /// <summary>Holds the milliseconds after which a block that is not full is handed over.</summary>
    public uint RetireTimeout;

    public uint PrivateSize;
    public uint Features;
}

/// <summary><c>struct tpacket_block_desc</c> with its <c>tpacket_hdr_v1</c>.</summary>
struct BlockHeader
{
    public uint Version;
    public uint OffsetToPrivate;
    public uint Status;
    public uint Packets;
    public uint FirstPacketAt;
    public uint Length;
}

/// <summary><c>struct tpacket3_hdr</c>, followed by the address.</summary>
struct PacketHeader3
{
    /// <summary>TPACKET_ALIGN(sizeof(struct tpacket3_hdr)): where the sockaddr_ll lies.</summary>
    public const int AddressAt = 48;

    public uint NextAt;
    public uint Seconds;
    public uint Nanoseconds;
    public uint Captured;
    public uint Original;
    public uint Status;
    public ushort LinkAt;
    public ushort NetworkAt;
    public uint Hash;
    public uint VlanTag;
    public ushort VlanProtocol;
}

/// <summary><c>struct tpacket2_hdr</c>, followed by the address.</summary>
struct PacketHeader2
{
    /// <summary>TPACKET_ALIGN(sizeof(struct tpacket2_hdr)): where the sockaddr_ll lies.</summary>
    public const int AddressAt = 32;

    public uint Status;
    public uint Original;
    public uint Captured;
    public ushort LinkAt;
    public ushort NetworkAt;
    public uint Seconds;
    public uint Nanoseconds;
    public ushort VlanTag;
    public ushort VlanProtocol;
}

/// <summary><c>struct sockaddr_ll</c>; protocol in network byte order.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct LinkAddress
{
    public ushort Family;
    public ushort Protocol;
    public int Interface;
    public ushort HardwareType;
    public byte PacketType;
    public byte AddressLength;
    public fixed byte Address[8];
}

/// <summary><c>struct packet_mreq</c>.</summary>
struct Membership
{
    /// <summary>PACKET_MR_PROMISC.</summary>
    public const ushort Promiscuous = 1;

    public int Interface;
    public ushort Type;
    public ushort AddressLength;
    public ulong Address;
}

/// <summary>
/// <c>struct tpacket_stats_v3</c>, of which TPACKET_V2 writes the first two fields, with the same meaning; reading it
/// sets the kernel's counts to zero.
/// </summary>
struct RingStatistics
{
    /// <summary>Holds the number of packets that passed the filter, dropped ones included.</summary>
    public uint Packets;

    public uint Dropped;
    public uint Freezes;
}
