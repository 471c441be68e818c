using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>Holds one interface as one worker sees it: socket, ring and counters. Owned by that worker.</summary>
sealed unsafe class LinkTap : ILinkTap
{
    const long NsPerSecond = 1_000_000_000;

    readonly PacketSocket socket;
    readonly BlockRing ring;
    readonly LinkInterface link;
    readonly LinkFraming framing;
    readonly int place;
    readonly int snapLength;
    readonly TapCounters counters;
    readonly PacketFilter? filter;

    /// <param name="place">The interface's position in the source's list.</param>
    /// <param name="filter">The filter for the packets that the kernel does not filter.</param>
    public LinkTap(LinkInterface link, PacketSocket socket, BlockRing ring, int place, int snapLength,
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
        var frame = ring.PeekFrame();
        timestampNs = frame == null ? 0 : TimestampNs(frame);
        return frame != null;
    }

    public bool Fill(PacketBurst burst, int most, long untilNs, ref long number)
    {
        for (; most > 0; most--)
        {
            var frame = ring.PeekFrame();
            if (frame == null || TimestampNs(frame) > untilNs)
            {
                return true;
            }

            ring.ReadFrame();
            if (!framing.IsCooked && (frame->Status & PacketAbi.StatusVlanValid) == 0)
            {
                var captured = Math.Min((int)frame->Captured, snapLength);
                burst.Add(Slot(frame, (byte*)frame + frame->LinkAt, captured, (int)frame->Original, ++number));
            }
            else
            {
                AddRebuilt(burst, frame, ref number);
            }
        }

        return true;
    }

    public void Release() => ring.ReleaseBlocks();

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

    /// <summary>A packet of which the kernel keeps a part elsewhere: it is put together, then filtered.</summary>
    void AddRebuilt(PacketBurst burst, FrameHeader* frame, ref long number)
    {
        var network = (byte*)frame + frame->LinkAt;
        var packet = network;
        if (framing.IsCooked)
        {
            packet -= CookedFrame.Length;
            CookedFrame.Write(packet, (LinkAddress*)((byte*)frame + PacketAbi.AddressAt));
        }

        var isTagged = (frame->Status & PacketAbi.StatusVlanValid) != 0 && framing.TagAt > 0;
        if (isTagged && frame->Captured + (network - packet) >= framing.TagAt)
        {
            packet = VlanTag.Reinsert(packet, framing.TagAt, frame);
        }

        var grown = (int)(network - packet);
        var whole = Slot(frame, packet, (int)frame->Captured + grown, (int)frame->Original + grown, number + 1);
        if (filter is not null && !filter.Matches(whole))
        {
            counters.CountFiltered();
            return;
        }

        var captured = Math.Min(whole.CapturedLength, snapLength);
        burst.Add(Slot(frame, packet, captured, whole.OriginalLength, ++number));
    }

    PacketSlot Slot(FrameHeader* frame, byte* packet, int captured, int original, long number) => new(packet, captured,
        original, TimestampNs(frame), framing.LinkType, place, number);

    static long TimestampNs(FrameHeader* frame) => (frame->Seconds * NsPerSecond) + frame->Nanoseconds;
}
