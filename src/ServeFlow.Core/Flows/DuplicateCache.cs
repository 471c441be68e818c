using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>
/// Recognises packets that a capture shows twice: mirror ports that copy both directions of a switch, two VLANs or
/// hops, <c>any</c> on a bridge. Remembers the last packets in 1,024 sets of eight, which forget their oldest: of
/// copies a thousand packets apart one in a hundred thousand goes unnoticed. Takes 64 KiB and allocates nothing.
/// </summary>
/// <remarks>
/// A packet is a copy of another if all that a fingerprint covers is the same and both are within 10 ms. A real
/// retransmission has another IP identification, or comes later. Where packets have none (IPv6, and IPv4 of systems
/// that leave it 0), a sender may repeat itself: it acknowledges twice, resets once for each segment that comes, and
/// announces services several times at once. Copies that came by the same way, link-layer header and time to live
/// alike, must then be within 1 ms (TCP with data, SYN or FIN, whose repeats take a round trip at least) or 50 µs,
/// which a mirror port or a radio cell's echo takes; a reset without identification is none.
/// <para>
/// Looking at every packet would cost serving a few percent. Where copies are only counted, a capture of which the
/// first 262,144 packets hold fewer than one in a thousand is looked at block by block, one block in eight, until a
/// block holds more.
/// </para>
/// </remarks>
/// <param name="isExact">Whether every packet is to be looked at, as copies are to be left out.</param>
sealed unsafe class DuplicateCache(bool isExact)
{
    const int BlockPackets = 8192;
    const int FirstBlocks = 32;
    const int BlocksPerSample = 8;

    /// <summary>Copies in a block from which on the next one is looked at, too: one in a thousand.</summary>
    const int ManyCopies = BlockPackets / 1000;

    const int SetBits = 10;
    const int Ways = 8;

    /// <summary>Times are kept in units of 2^13 ns, about 8 µs, in 24 bits: they repeat after 137 s.</summary>
    const int UnitBits = 13;

    const int PathBits = 8;
    const uint TimeMask = ~0u << PathBits;

    static readonly uint Window = Span(10_000_000);
    static readonly uint TcpSameWay = Span(1_000_000);
    static readonly uint SameWay = Span(50_000);

    /// <summary>
    /// Holds, for each set, eight tags (0 where there is none), then the times and paths of these eight packets.
    /// </summary>
    readonly NativeBlock<uint> cells = new((1 << SetBits) * 2 * Ways);

    int blocks;
    int left = BlockPackets;
    int copies;
    bool isLooking = true;

    /// <summary>Determines whether the packet is a copy of an earlier one; remembers it if it is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(in PacketSlot packet, in PacketHeaders headers)
    {
        if (--left < 0)
        {
            BeginBlock();
        }

        return isLooking && Find(packet, headers);
    }

    /// <summary>Forgets everything: another capture begins.</summary>
    public void Clear()
    {
        new Span<uint>(cells.Start, (int)cells.Length).Clear();
        (blocks, left, copies, isLooking) = (0, BlockPackets, 0, true);
    }

    /// <summary>Decides whether the packets of the next block are looked at.</summary>
    void BeginBlock()
    {
        blocks++;
        left = BlockPackets - 1;
        isLooking = isExact || blocks < FirstBlocks || copies >= ManyCopies || blocks % BlocksPerSample == 0;
        copies = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    bool Find(in PacketSlot packet, in PacketHeaders headers)
    {
        if (!PacketFingerprint.TryCompute(packet, headers, out var fingerprint))
        {
            return false;
        }

        var set = cells.Start + ((fingerprint.Hash >> (64 - SetBits)) * 2 * Ways);
        var (tags, stamps) = (Vector256.Load(set), Vector256.Load(set + Ways));
        var (tag, stamp) = ((uint)fingerprint.Hash | 1, Stamp(packet.TimestampNs, fingerprint.Path));
        var same = Vector256.Equals(tags, Vector256.Create(tag)).ExtractMostSignificantBits();
        if (same != 0 && IsCopy(same, set + Ways, stamp, fingerprint.HasId ? Window : FindSameWay(headers)))
        {
            copies++;
            return true;
        }

        var places = Vector256.Create(0u, 0, 1, 2, 3, 4, 5, 6);
        Vector256.Shuffle(tags, places).WithElement(0, tag).Store(set);
        Vector256.Shuffle(stamps, places).WithElement(0, stamp).Store(set + Ways);
        return false;
    }

    /// <summary>
    /// Gets how near a copy of a packet without identification must be that came by the same way; 0 where none is one.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static uint FindSameWay(in PacketHeaders headers) => headers.Protocol != IpProtocol.Tcp ? SameWay
        : (headers.TcpFlags & TcpFlags.Rst) != 0 ? 0
        : headers.PayloadLength > 0 || (headers.TcpFlags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 ? TcpSameWay
        : SameWay;

    /// <param name="same">The places of the set whose tag is the packet's, a bit each.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static bool IsCopy(uint same, uint* stamps, uint stamp, uint sameWay)
    {
        for (; same != 0; same &= same - 1)
        {
            var other = stamps[uint.TrailingZeroCount(same)];
            var byTheSameWay = ((stamp ^ other) & ~TimeMask) == 0;
            var window = byTheSameWay ? sameWay : Window;
            if (window > 0 && AreWithin(window, stamp & TimeMask, other & TimeMask))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Compares two times, of which either may be the earlier: joined captures are not quite in order.
    /// </summary>
    static bool AreWithin(uint window, uint time, uint other) => time - other + window <= 2 * window;

    static uint Stamp(long ns, byte path) => ((uint)(ns >> UnitBits) << PathBits) | path;

    static uint Span(long ns) => (uint)(ns >> UnitBits) << PathBits;
}
