using System.Runtime.InteropServices;

namespace ServeFlow.Packets.Live.Watching;

/// <summary>Numbers and messages of rtnetlink: linux/netlink.h, linux/rtnetlink.h, linux/if_link.h.</summary>
static class Netlink
{
    /// <summary>AF_NETLINK.</summary>
    public const int Family = 16;

    /// <summary>SOCK_RAW with SOCK_CLOEXEC.</summary>
    public const int RawSocket = 3 | 0x80000;

    /// <summary>NETLINK_ROUTE.</summary>
    public const int Route = 0;

    /// <summary>RTMGRP_LINK.</summary>
    public const uint LinkGroup = 1;

    /// <summary>MSG_DONTWAIT.</summary>
    public const int DoNotWait = 0x40;

    /// <summary>ENOBUFS: the socket's buffer was full, and messages are missing.</summary>
    public const int Overrun = 105;

    const int HeaderLength = 16;
    const int LinkLength = 16;
    const int AttributeLength = 4;
    const ushort NewLink = 16;
    const ushort DeleteLink = 17;
    const ushort NameAttribute = 3;

    /// <summary>
    /// Reads the next message about an interface itself, not about it as the port of a bridge; false at the end.
    /// </summary>
    public static bool TryReadLink(ref ReadOnlySpan<byte> messages, out LinkMessage message)
    {
        while (messages.Length >= HeaderLength)
        {
            var length = Math.Clamp(BitConverter.ToInt32(messages), HeaderLength, messages.Length);
            var type = BitConverter.ToUInt16(messages[4..]);
            var body = messages[HeaderLength..length];
            messages = messages[Math.Min(Align(length), messages.Length)..];
            if (type is NewLink or DeleteLink && body.Length >= LinkLength && body[0] == 0)
            {
                message = new(BitConverter.ToInt32(body[4..]), BitConverter.ToUInt32(body[8..]), type == DeleteLink,
                    FindName(body[LinkLength..]));
                return true;
            }
        }

        message = default;
        return false;
    }

    static ReadOnlySpan<byte> FindName(ReadOnlySpan<byte> attributes)
    {
        while (attributes.Length >= AttributeLength)
        {
            var length = Math.Clamp((int)BitConverter.ToUInt16(attributes), AttributeLength, attributes.Length);
            if (BitConverter.ToUInt16(attributes[2..]) == NameAttribute)
            {
                return attributes[AttributeLength..length].TrimEnd((byte)0);
            }

            attributes = attributes[Math.Min(Align(length), attributes.Length)..];
        }

        return [];
    }

    static int Align(int length) => (length + 3) & ~3;
}

/// <summary>
/// Holds a message of the kernel about an interface, valid while the buffer that it was read from is.
/// </summary>
readonly ref struct LinkMessage(int index, uint flags, bool isGone, ReadOnlySpan<byte> name)
{
    public readonly int Index = index;
    public readonly uint Flags = flags;
    public readonly bool IsGone = isGone;
    public readonly ReadOnlySpan<byte> Name = name;
}

/// <summary><c>struct sockaddr_nl</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
struct NetlinkAddress
{
    public ushort Family;
    public ushort Padding;
    public uint Port;
    public uint Groups;
}
