using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>Holds one interface as one worker sees it: socket, ring and counters. Owned by that worker.</summary>
/// <typeparam name="TLayout">The version of the ring.</typeparam>
sealed unsafe class LinkTap<TLayout> : ILinkTap
    where TLayout : struct, IRingLayout
{
    /// <summary>Holds the bytes that are kept free before a packet, where a header may be put.</summary>
    const int Headroom = CookedFrame.Length + StrippedVlanTag.Length;

    /// <summary>Where a packet has one of these, a part of it lies elsewhere.</summary>
    const uint IsInParts = PacketAbi.StatusVlanValid | PacketAbi.StatusCopy;

    readonly PacketSocket socket;
    readonly PacketRing<TLayout> ring;
    readonly LinkInterface link;
    readonly LinkFraming framing;
    readonly int place;
    readonly int snapLength;
    readonly TapCounters counters;
    readonly PacketFilter? filter;

    /// <summary>Holds packets that were too long for their places; null until there is one.</summary>
    PacketArena? arena;

    /// <param name="place">The interface's position in the source's list.</param>
    /// <param name="filter">The filter for the packets that the kernel does not filter.</param>
    public LinkTap(LinkInterface link, PacketSocket socket, PacketRing<TLayout> ring, int place, int snapLength,
        TapCounters counters, PacketFilter? filter)
    {
        (this.link, framing, this.socket, this.ring) = (link, link.Framing, socket, ring);
        (this.place, this.snapLength, this.counters, this.filter) = (place, snapLength, counters, filter);
    }

    public int Descriptor => socket.Handle.Descriptor;

    public string Name => link.Name;

    public bool HasPackets => ring.HasPackets;

    public double Occupancy => ring.Occupancy();

    public bool IsGone => link.Index != 0 && socket.GetBoundInterface() != link.Index;

    public bool TryPeek(out long timestampNs)
    {
        var packet = ring.Peek();
        timestampNs = packet == null ? 0 : TLayout.TimestampNs(packet);
        return packet != null;
    }

    public bool Fill(PacketBurst burst, int most, long untilNs, ref long number)
    {
        for (; most > 0; most--)
        {
            var place = ring.Peek();
            if (place == null || TLayout.TimestampNs(place) > untilNs)
            {
                return true;
            }

            var packet = TLayout.Describe(place);
            if (!framing.IsCooked && (packet.Status & IsInParts) == 0)
            {
                var captured = Math.Min(packet.Captured, snapLength);
                burst.Add(Slot(place, (byte*)packet.Data, captured, packet.Original, ++number));
            }
            else if (!TryAddRebuilt(burst, place, packet, ref number))
            {
                return false;
            }

            ring.Read();
        }

        return true;
    }

    public void Release()
    {
        ring.ReleaseBlocks();
        arena?.Clear();
    }

    public CaptureCounters ReadCounters() => counters.Read();

    public void ClearError()
    {
        var (error, length) = (0, (uint)sizeof(int));
        Libc.GetOption(socket.Handle, PacketAbi.SocketLevel, PacketAbi.SocketError, &error, &length);
    }

    public void Dispose()
    {
        counters.Read();
        ring.Dispose();
        socket.Dispose();
    }

    /// <summary>
    /// A packet of which the kernel keeps a part elsewhere is put together, then filtered. False where there is no room
    /// for it before the next release.
    /// </summary>
    bool TryAddRebuilt(PacketBurst burst, byte* place, RingPacket told, ref long number)
    {
        if ((told.Status & PacketAbi.StatusCopy) != 0 && !TryReceiveWhole(ref told))
        {
            return false;
        }

        var network = (byte*)told.Data;
        var packet = network;
        if (framing.IsCooked)
        {
            packet -= CookedFrame.Length;
            CookedFrame.Write(packet, (LinkAddress*)told.Address);
        }

        var isTagged = (told.Status & PacketAbi.StatusVlanValid) != 0 && framing.TagAt > 0;
        if (isTagged && told.Captured + (network - packet) >= framing.TagAt)
        {
            packet = StrippedVlanTag.Reinsert(packet, framing.TagAt, told);
        }

        var grown = (int)(network - packet);
        var whole = Slot(place, packet, told.Captured + grown, told.Original + grown, number + 1);
        if (filter is not null && !filter.Matches(whole))
        {
            counters.CountFiltered();
            return true;
        }

        burst.Add(Slot(place, packet, Math.Min(whole.CapturedLength, snapLength), whole.OriginalLength, ++number));
        return true;
    }

    /// <summary>
    /// Fetches a packet that was too long for its place. The kernel queues such packets in the order of the ring. False
    /// where there is no room for it before the next release.
    /// </summary>
    bool TryReceiveWhole(ref RingPacket told)
    {
        arena ??= new();
        if (!arena.HasRoom)
        {
            return false;
        }

        var room = arena.Begin(out var most) + Headroom;
        var length = socket.ReceiveWhole(room, most - Headroom);
        if (length < 0)
        {
            // That an interface went down is told by the first call, which leaves the packet in the queue.
            length = socket.ReceiveWhole(room, most - Headroom);
        }

        if (length >= told.Captured)
        {
            arena.End(length + Headroom);
            told = told with { Data = (nint)room, Captured = length };
        }

        return true; // without it the packet is cut to what is in the ring
    }

    PacketSlot Slot(byte* place, byte* packet, int captured, int original, long number) => new(packet, captured,
        original, TLayout.TimestampNs(place), framing.LinkType, this.place, number);
}
