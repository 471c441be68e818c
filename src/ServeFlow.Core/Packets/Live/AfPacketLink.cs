using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>
/// Opens the workers' sockets on one interface, and opens them again when it was made anew.
/// </summary>
sealed class AfPacketLink
{
    readonly LinkInterface link;
    readonly int place;
    readonly LiveOptions options;
    readonly Lock gate = new();
    int sharedIndex;
    int? group;

    /// <param name="place">The interface's position among those that are captured.</param>
    public AfPacketLink(LinkInterface link, int place, LiveOptions options) =>
        (this.link, this.place, this.options) = (link, place, options);

    /// <summary>
    /// Opens the sockets of all workers so that no packet passes before all have joined: until then packets would go to
    /// those already there.
    /// </summary>
    /// <param name="opened">Gets all that must be closed again if it fails.</param>
    public ILinkTap[] OpenAll(List<IDisposable> opened)
    {
        var filter = Compile(link);
        var (taps, sockets) = (new ILinkTap[options.Workers], new PacketSocket[options.Workers]);
        for (var worker = 0; worker < taps.Length; worker++)
        {
            taps[worker] = OpenTap(link, worker, filter, default, opened, out sockets[worker]);
        }

        Array.ForEach(sockets, socket => Share(socket, link));
        var program = KernelFilter.Create(link, filter, options.SnapLength);
        Array.ForEach(sockets, socket => socket.Attach(program));
        return taps;
    }

    /// <summary>
    /// Opens one worker's socket on the interface that has the name now, or returns null where there is none or it is
    /// not up.
    /// </summary>
    /// <param name="gone">The worker's tap of the interface that is gone; its counters go on.</param>
    public ILinkTap? TryReopen(int worker, ILinkTap gone)
    {
        var opened = new List<IDisposable>();
        try
        {
            if (!LinkInterface.Exists(link.Name))
            {
                return null;
            }

            var found = LinkInterface.Find(link.Name);
            var filter = Compile(found);
            var tap = OpenTap(found, worker, filter, gone.ReadCounters(), opened, out var socket);
            Share(socket, found);
            socket.Attach(KernelFilter.Create(found, filter, options.SnapLength));
            return tap;
        }
        catch (InputException)
        {
            opened.ForEach(resource => resource.Dispose());
            return null; // it is tried again
        }
    }

    ILinkTap OpenTap(LinkInterface to, int worker, PacketFilter? filter, CaptureCounters before,
        List<IDisposable> opened, out PacketSocket socket)
    {
        socket = PacketSocket.Open(to);
        opened.Add(socket);
        var counters = new TapCounters(socket.Handle, worker == 0 ? new InterfaceDrops(to.Name) : null, before);
        return options.LowLatency
            ? Listen(to, socket, socket.MapFrames(options.RingBytes, options.SnapLength), counters, filter, opened)
            : Listen(to, socket, socket.MapBlocks(options.RingBytes), counters, filter, opened);
    }

    LinkTap<TLayout> Listen<TLayout>(LinkInterface to, PacketSocket socket, PacketRing<TLayout> ring,
        TapCounters counters, PacketFilter? filter, List<IDisposable> opened) where TLayout : struct, IRingLayout
    {
        opened.Add(ring);
        socket.Attach([.. KernelFilter.RejectAll]);
        socket.Bind();
        if (options.Promiscuous && to.Index != 0)
        {
            socket.EnablePromiscuous();
        }

        return new(to, socket, ring, place, options.SnapLength, counters, filter);
    }

    PacketFilter? Compile(LinkInterface to) => string.IsNullOrWhiteSpace(options.Filter)
        ? null
        : PacketFilter.Compile(options.Filter, to.Framing.LinkType, options.SnapLength);

    /// <summary>The first worker on an interface founds the group of those that share it; the others join.</summary>
    void Share(PacketSocket socket, LinkInterface to)
    {
        if (options.Workers == 1)
        {
            return;
        }

        lock (gate)
        {
            (group, sharedIndex) = (socket.Share(sharedIndex == to.Index ? group : null), to.Index);
        }
    }
}
