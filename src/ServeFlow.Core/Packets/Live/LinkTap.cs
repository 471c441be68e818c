namespace ServeFlow.Packets.Live;

/// <summary>One interface as one worker sees it: socket, ring and counters. Owned by that worker.</summary>
sealed unsafe class LinkTap : IDisposable
{
    const long NsPerSecond = 1_000_000_000;

    readonly PacketSocket socket;
    readonly BlockRing ring;
    readonly LinkInterface link;
    readonly LinkFraming framing;
    readonly int place;
    readonly int snapLength;
    readonly TapCounters counters;

    /// <param name="place">Of the interface in the source's list.</param>
    public LinkTap(LinkInterface link, PacketSocket socket, BlockRing ring, int place, int snapLength,
        TapCounters counters)
    {
        (this.link, framing, this.socket, this.ring) = (link, link.Framing, socket, ring);
        (this.place, this.snapLength, this.counters) = (place, snapLength, counters);
    }

    public int Descriptor => socket.Handle.Descriptor;

    public string Name => link.Name;

    public bool HasPackets => ring.HasPackets;

    public double Occupancy => ring.Occupancy();

    /// <summary>Whether the interface was removed; it may go down and up again without that.</summary>
    public bool IsGone => link.Index != 0 && socket.BoundTo() != link.Index;

    /// <summary>Hands over up to <paramref name="most"/> packets; they stay valid until <see cref="GiveBack"/>.</summary>
    public void Fill(PacketBurst burst, int most, ref long number)
    {
        for (; most > 0; most--)
        {
            var frame = ring.Take();
            if (frame == null)
            {
                return;
            }

            Add(burst, frame, ++number);
        }
    }

    public void GiveBack() => ring.GiveBack();

    public CaptureCounters ReadCounters() => counters.Read();

    /// <summary>Clears what the socket complains about, which <c>poll</c> would tell again and again.</summary>
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

    void Add(PacketBurst burst, FrameHeader* frame, long number)
    {
        var packet = (byte*)frame + frame->LinkAt;
        var grown = 0;
        if (framing.IsCooked)
        {
            packet -= CookedFrame.Length;
            grown = CookedFrame.Length;
            CookedFrame.Write(packet, (LinkAddress*)((byte*)frame + PacketAbi.AddressAt));
        }

        if ((frame->Status & PacketAbi.StatusVlanValid) != 0 && framing.TagAt > 0 &&
            frame->Captured + grown >= framing.TagAt)
        {
            packet = VlanTag.PutBack(packet, framing.TagAt, frame);
            grown += VlanTag.Length;
        }

        var captured = Math.Min((int)frame->Captured + grown, snapLength);
        burst.Add(new(packet, captured, (int)frame->Original + grown,
            (frame->Seconds * NsPerSecond) + frame->Nanoseconds, framing.LinkType, place, number));
    }
}
