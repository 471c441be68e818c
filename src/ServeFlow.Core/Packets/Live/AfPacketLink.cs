using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>
/// Opens the workers' sockets on one interface, and opens them again when it was made anew.
/// </summary>
sealed class AfPacketLink
{
    readonly string name;
    readonly int place;
    readonly LiveOptions options;
    readonly Lock gate = new();
    int sharedIndex;
    int? group;

    /// <param name="place">The interface's position among those that are captured.</param>
    public AfPacketLink(string name, int place, LiveOptions options) =>
        (this.name, this.place, this.options) = (name, place, options);

    /// <summary>
    /// Opens the sockets of all workers so that no packet passes before all have joined: until then packets would go to
    /// those already there. An interface that is waited for has taps without packets.
    /// </summary>
    /// <param name="opened">Gets all that must be closed again if it fails.</param>
    public ILinkTap[] OpenAll(List<IDisposable> opened)
    {
        if (options.WaitsForInterfaces && !LinkInterface.IsReady(name))
        {
            CheckRights();
            return [.. Enumerable.Range(0, options.Workers).Select(_ => new AbsentTap(name))];
        }

        var link = LinkInterface.Find(name);
        var filter = Compile(link.Framing);
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
    /// <exception cref="InputException">It is there and up, but cannot be listened to.</exception>
    public ILinkTap? TryReopen(int worker, ILinkTap gone)
    {
        if (!LinkInterface.IsReady(name))
        {
            return null;
        }

        var opened = new List<IDisposable>();
        try
        {
            var found = LinkInterface.Find(name);
            var filter = Compile(found.Framing);
            var tap = OpenTap(found, worker, filter, gone.ReadCounters(), opened, out var socket);
            Share(socket, found);
            socket.Attach(KernelFilter.Create(found, filter, options.SnapLength));
            return tap;
        }
        catch
        {
            opened.ForEach(resource => resource.Dispose());
            throw;
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

    /// <summary>Finds out what would be refused when the interface comes.</summary>
    void CheckRights()
    {
        PacketSocket.Open(new(name, 0, LinkFraming.Cooked)).Dispose();
        _ = Compile(LinkFraming.Ethernet);
    }

    PacketFilter? Compile(LinkFraming framing) => string.IsNullOrWhiteSpace(options.Filter)
        ? null
        : PacketFilter.Compile(options.Filter, framing.LinkType, options.SnapLength);

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
