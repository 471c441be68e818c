using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>Sets up the sockets of all workers on all interfaces.</summary>
static class AfPacketGroup
{
    public static IReadOnlyList<ILiveSource> Open(LiveOptions options)
    {
        var links = options.Interfaces.Select(LinkInterface.Find).ToArray();
        var opened = new List<IDisposable>();
        try
        {
            var taps = new LinkTap[options.Workers][];
            for (var worker = 0; worker < options.Workers; worker++)
            {
                taps[worker] = new LinkTap[links.Length];
            }

            for (var place = 0; place < links.Length; place++)
            {
                OpenLink(links[place], place, options, taps, opened);
            }

            return [.. taps.Select(ofWorker => new AfPacketSource(ofWorker))];
        }
        catch
        {
            opened.ForEach(resource => resource.Dispose());
            throw;
        }
    }

    /// <summary>
    /// Opens a link so that no packet passes before all sockets have joined: until then packets would go to those
    /// already there.
    /// </summary>
    static void OpenLink(LinkInterface link, int place, LiveOptions options, LinkTap[][] taps,
        List<IDisposable> opened)
    {
        var filter = Compile(link, options);
        var sockets = new PacketSocket[options.Workers];
        for (var worker = 0; worker < sockets.Length; worker++)
        {
            var socket = PacketSocket.Open(link);
            opened.Add(socket);
            var ring = socket.MapRing(options.RingBytes);
            opened.Add(ring);
            socket.Attach([.. KernelFilter.RejectAll]);
            socket.Bind();
            if (options.Promiscuous && link.Index != 0)
            {
                socket.EnablePromiscuous();
            }

            var counters = new TapCounters(socket.Handle, worker == 0 ? new InterfaceDrops(link.Name) : null);
            taps[worker][place] = new(link, socket, ring, place, options.SnapLength, counters, filter);
            sockets[worker] = socket;
        }

        Share(sockets);
        var program = KernelFilter.Create(link, filter, options.SnapLength);
        foreach (var socket in sockets)
        {
            socket.Attach(program);
        }
    }

    static PacketFilter? Compile(LinkInterface link, LiveOptions options) => string.IsNullOrWhiteSpace(options.Filter)
        ? null
        : PacketFilter.Compile(options.Filter, link.Framing.LinkType, options.SnapLength);

    static void Share(PacketSocket[] sockets)
    {
        if (sockets.Length == 1)
        {
            return;
        }

        var group = sockets[0].CreateFanoutGroup();
        foreach (var socket in sockets.AsSpan(1))
        {
            socket.JoinFanoutGroup(group);
        }
    }
}
