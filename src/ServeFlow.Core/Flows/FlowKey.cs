using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>
/// Represents a bidirectional five-tuple: the smaller (address, port) is <see cref="LowAddress"/>, so that both
/// directions give the same key. The exception is an ICMP message that stands alone (see <see cref="IcmpTypes"/>): its
/// sender is always the low side, and each direction has its own key. 40 bytes.
/// </summary>
public readonly record struct FlowKey(IpAddress LowAddress, IpAddress HighAddress, ushort LowPort, ushort HighPort,
    ushort Vlan, byte Protocol, byte IpVersion)
{
    /// <summary>Returns the key of a packet, and whether its sender is the key's low side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlowKey FromHeaders(in PacketHeaders headers, bool withVlan, out bool senderIsLow)
    {
        var vlan = withVlan ? headers.Vlan : (ushort)0;
        var (port, otherPort) = (headers.SourcePort, headers.DestinationPort);
        if (IcmpTypes.IsIcmp(headers.Protocol))
        {
            var counterpart = IcmpTypes.Counterpart(headers.Protocol, headers.SourcePort);
            if (counterpart < 0)
            {
                senderIsLow = true;
                return new(headers.Source, headers.Destination, port, otherPort, vlan, headers.Protocol,
                    headers.IpVersion);
            }

            otherPort = (ushort)counterpart;
        }

        return Between(headers.Source, port, headers.Destination, otherPort, vlan, headers.Protocol,
            headers.IpVersion, out senderIsLow);
    }

    /// <summary>Returns the direction-blind key of two ends, given in either order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlowKey Between(IpAddress address, ushort port, IpAddress otherAddress, ushort otherPort, ushort vlan,
        byte protocol, byte ipVersion, out bool firstIsLow)
    {
        // Every other packet goes the other way: swapping by a mask costs less than a branch guessed wrong.
        var isLow = IsLow(address, port, otherAddress, otherPort);
        firstIsLow = isLow;
        var swap = Unsafe.BitCast<bool, byte>(isLow) - 1L;
        var high = (address.High ^ otherAddress.High) & (ulong)swap;
        var low = (address.Low ^ otherAddress.Low) & (ulong)swap;
        var ports = (port ^ otherPort) & (int)swap;
        return new(new(address.High ^ high, address.Low ^ low), new(otherAddress.High ^ high, otherAddress.Low ^ low),
            (ushort)(port ^ ports), (ushort)(otherPort ^ ports), vlan, protocol, ipVersion);
    }

    /// <summary>Compares all forty bytes at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(FlowKey other)
    {
        ref var mine = ref Unsafe.As<FlowKey, byte>(ref Unsafe.AsRef(in this));
        ref var others = ref Unsafe.As<FlowKey, byte>(ref other);
        var addresses = Vector256.LoadUnsafe(ref mine) ^ Vector256.LoadUnsafe(ref others);
        var rest = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref mine, 32))
            ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref others, 32));
        return addresses == Vector256<byte>.Zero && rest == 0;
    }

    public override int GetHashCode() =>
        HashCode.Combine(LowAddress, HighAddress, LowPort, HighPort, Vlan, Protocol, IpVersion);

    static bool IsLow(IpAddress address, ushort port, IpAddress otherAddress, ushort otherPort)
    {
        var isLess = (address.Low < otherAddress.Low) | ((address.Low == otherAddress.Low) & (port <= otherPort));
        return (address.High < otherAddress.High) | ((address.High == otherAddress.High) & isLess);
    }
}
