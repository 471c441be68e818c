using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>
/// Holds one flow as the table keeps it: key, counters and TCP state, in 128 bytes (tested), two cache lines of which
/// the first holds what every packet needs. Forward is from the first packet's sender, or from the client where a
/// handshake shows that this is the other side. The table alone writes it,
/// except <see cref="Tag"/>, <see cref="PendingSlot"/> and <see cref="TunnelIndex"/>, which belong to the owner of the
/// table.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2, Size = 128)]
public struct Flow
{
    const byte LowBit = 1;
    const byte ContinuationBit = 2;
    const int TunnelShift = 2;

    public FlowKey Key;

    /// <summary>
    /// Holds the time of the first packet, ns since the Unix epoch; never after <see cref="LastNs"/>.
    /// </summary>
    public long FirstNs;

    /// <summary>Holds the time of the latest packet.</summary>
    public long LastNs;

    /// <summary>Holds the packets of each direction; they stop at 2^32 − 1.</summary>
    public uint PacketsForward;

    /// <inheritdoc cref="PacketsForward"/>
    public uint PacketsBackward;

    /// <summary>Holds what the flow's packets did, in Zeek's letters.</summary>
    public FlowHistory History;

    /// <summary>Holds the owner's eight bytes for a decided flow.</summary>
    public ulong Tag;

    int owned;

    ByteCount bytesForward;
    ByteCount bytesBackward;
    ByteCount ipBytesForward;
    ByteCount ipBytesBackward;
    ByteCount payloadForward;
    ByteCount payloadBackward;

    /// <summary>VLAN id of the first packet, 0 where untagged; kept even where it is not part of the key.</summary>
    public ushort Vlan;

    /// <summary>Holds all TCP flags that the forward side has set so far.</summary>
    public byte TcpFlagsForward;

    /// <summary>Holds all TCP flags that the backward side has set so far.</summary>
    public byte TcpFlagsBackward;

    /// <summary>Holds the state of the connection; <see cref="TcpState.None"/> where the flow is not TCP.</summary>
    public TcpState TcpState;

    /// <summary>ICMP and ICMPv6: the first packet's code; else 0.</summary>
    public byte IcmpCode;

    byte bits;

    /// <summary>
    /// Holds the number of the interface that the first packet came in by, its place inside the source; 255 stands for
    /// all beyond.
    /// </summary>
    public byte Interface;

    /// <summary>Gets whether the forward side is the key's low side.</summary>
    public bool ForwardIsLow
    {
        readonly get => (bits & LowBit) != 0;
        init => bits = (byte)(value ? bits | LowBit : bits & ~LowBit);
    }

    /// <summary>
    /// Gets whether the flow continues one that the active timeout ended; it then keeps that flow's direction.
    /// </summary>
    public bool IsContinuation
    {
        readonly get => (bits & ContinuationBit) != 0;
        init => bits = (byte)(value ? bits | ContinuationBit : bits & ~ContinuationBit);
    }

    /// <summary>Kind of the outermost tunnel that the first packet came through.</summary>
    public TunnelKind Tunnel
    {
        readonly get => (TunnelKind)(bits >> TunnelShift);
        init => bits = (byte)((bits & (LowBit | ContinuationBit)) | ((int)value << TunnelShift));
    }

    /// <summary>
    /// Gets or sets, while the flow is undecided, the owner's slot for the packets that it keeps of the flow, or −1
    /// where it keeps none. It shares its four bytes with <see cref="TunnelIndex"/>, which takes over with the
    /// decision.
    /// </summary>
    public int PendingSlot
    {
        readonly get => owned;
        set => owned = value;
    }

    /// <summary>
    /// Gets or sets, once the flow is decided, the owner's index of what it keeps on the flow's tunnel, or −1 for none.
    /// </summary>
    public int TunnelIndex
    {
        readonly get => owned;
        set => owned = value;
    }

    /// <summary>ICMP and ICMPv6: the first packet's type, which is also its <see cref="SourcePort"/>; else 0.</summary>
    public readonly byte IcmpType => IcmpTypes.IsIcmp(Key.Protocol) ? (byte)SourcePort : (byte)0;

    /// <summary>
    /// Gets whether the TCP connection is over (a RST, or both sides' FIN): the flow lingers for stray packets, but an
    /// owner that waits for more data need not.
    /// </summary>
    public readonly bool IsClosed => TcpState >= TcpState.LastAck;

    /// <summary>
    /// Gets the bytes on the wire from the link-layer header on (original lengths); stops at 2^48 − 1, as all do.
    /// </summary>
    public long BytesForward
    {
        readonly get => bytesForward.Value;
        init => bytesForward = new(value);
    }

    /// <inheritdoc cref="BytesForward"/>
    public long BytesBackward
    {
        readonly get => bytesBackward.Value;
        init => bytesBackward = new(value);
    }

    /// <summary>Gets the bytes of the IP packets by their own headers: Zeek's orig_ip_bytes.</summary>
    public long IpBytesForward
    {
        readonly get => ipBytesForward.Value;
        init => ipBytesForward = new(value);
    }

    /// <summary>
    /// Gets the IP bytes of the backward direction, as <see cref="IpBytesForward"/> does of the forward one: Zeek's
    /// resp_ip_bytes.
    /// </summary>
    public long IpBytesBackward
    {
        readonly get => ipBytesBackward.Value;
        init => ipBytesBackward = new(value);
    }

    /// <summary>Transport payload by the IP headers' lengths, retransmissions included.</summary>
    public long PayloadForward
    {
        readonly get => payloadForward.Value;
        init => payloadForward = new(value);
    }

    /// <inheritdoc cref="PayloadForward"/>
    public long PayloadBackward
    {
        readonly get => payloadBackward.Value;
        init => payloadBackward = new(value);
    }

    public readonly IpAddress Source => ForwardIsLow ? Key.LowAddress : Key.HighAddress;

    public readonly IpAddress Destination => ForwardIsLow ? Key.HighAddress : Key.LowAddress;

    public readonly ushort SourcePort => ForwardIsLow ? Key.LowPort : Key.HighPort;

    public readonly ushort DestinationPort => ForwardIsLow ? Key.HighPort : Key.LowPort;

    /// <summary>Creates a flow that its first packet opens; the packet itself is not counted yet.</summary>
    internal static Flow Open(in FlowKey key, in PacketHeaders headers, bool senderIsLow, long nowNs,
        int interfaceIndex) => new()
        {
            Key = key,
            FirstNs = nowNs,
            LastNs = nowNs,
            PendingSlot = -1,
            Vlan = headers.Vlan,
            Interface = (byte)Math.Min(interfaceIndex, byte.MaxValue),
            ForwardIsLow = senderIsLow,
            Tunnel = headers.Tunnel,
            IcmpCode = IcmpTypes.IsIcmp(headers.Protocol) ? (byte)headers.DestinationPort : (byte)0,
        };

    /// <summary>
    /// Creates the flow that follows one which the active timeout ended: it keeps direction and TCP state, and has new
    /// counters.
    /// </summary>
    internal static Flow Continue(in Flow ended, long nowNs) => new()
    {
        Key = ended.Key,
        FirstNs = nowNs,
        LastNs = nowNs,
        PendingSlot = -1,
        Vlan = ended.Vlan,
        Interface = ended.Interface,
        bits = (byte)(ended.bits | ContinuationBit),
        TcpState = ended.TcpState,
        IcmpCode = ended.IcmpCode,
    };

    /// <summary>
    /// Counts a packet of this flow. The counters of both directions stand side by side and are found by number: which
    /// way a packet goes is a coin toss, and a branch on it is guessed wrong every other time.
    /// </summary>
    internal void Count(in PacketHeaders headers, int wireBytes, bool forward, long nowNs)
    {
        LastNs = nowNs;
        var side = forward ? 0 : 1;
        ref var packets = ref Unsafe.Add(ref PacketsForward, side);
        packets += packets == uint.MaxValue ? 0u : 1u;
        Unsafe.Add(ref bytesForward, side).Add(wireBytes);
        Unsafe.Add(ref ipBytesForward, side).Add(headers.IpLength);
        Unsafe.Add(ref payloadForward, side).Add(headers.PayloadLength);
        if (HasTcpFlags(headers))
        {
            CountTcp(headers.TcpFlags, headers.PayloadLength, forward);
        }
        else if (headers.PayloadLength > 0)
        {
            History = History.With(FlowHistory.Data, forward);
        }
    }

    /// <summary>
    /// Exchanges the sides: what was counted forward is backward now. The connection must not have begun to close, as
    /// its states are told from each side.
    /// </summary>
    internal void Turn()
    {
        bits ^= LowBit;
        History = History.Turned();
        (PacketsForward, PacketsBackward) = (PacketsBackward, PacketsForward);
        (bytesForward, bytesBackward) = (bytesBackward, bytesForward);
        (ipBytesForward, ipBytesBackward) = (ipBytesBackward, ipBytesForward);
        (payloadForward, payloadBackward) = (payloadBackward, payloadForward);
        (TcpFlagsForward, TcpFlagsBackward) = (TcpFlagsBackward, TcpFlagsForward);
    }

    /// <summary>Determines whether a packet of the flow shows TCP flags: a first fragment may end before them.
    /// </summary>
    internal readonly bool HasTcpFlags(in PacketHeaders headers) =>
        Key.Protocol == IpProtocol.Tcp && headers.TransportLength > 0;

    void CountTcp(byte flags, int payload, bool forward)
    {
        Unsafe.Add(ref TcpFlagsForward, forward ? 0 : 1) |= flags;
        if (TcpState == TcpState.Established && TcpFlags.IsPlain(flags))
        {
            History = History.With(payload > 0 ? FlowHistory.Data : FlowHistory.Ack, forward);
            return;
        }

        History = History.WithTcp(flags, payload, forward);
        TcpState = TcpTransition.After(TcpState, flags, forward);
    }
}
