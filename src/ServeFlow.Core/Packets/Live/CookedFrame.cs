using System.Buffers.Binary;

namespace ServeFlow.Packets.Live;

/// <summary>Writes the 16 bytes of LINKTYPE_LINUX_SLL into the headroom before a packet.</summary>
static unsafe class CookedFrame
{
    public const int Length = 16;
    public const int ProtocolAt = 14;

    const int AddressAt = 6;
    const int AddressLength = 8;

    public static void Write(byte* destination, LinkAddress* address)
    {
        var header = new Span<byte>(destination, Length);
        BinaryPrimitives.WriteUInt16BigEndian(header, address->PacketType);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], address->HardwareType);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], address->AddressLength);
        new ReadOnlySpan<byte>(address->Address, AddressLength).CopyTo(header[AddressAt..]);
        *(ushort*)(destination + ProtocolAt) = address->Protocol;
    }
}
