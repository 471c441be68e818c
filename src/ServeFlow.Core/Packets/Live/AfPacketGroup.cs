namespace ServeFlow.Packets.Live;

/// <summary>Sets up the sockets of all workers on all interfaces.</summary>
static class AfPacketGroup
{
    public static IReadOnlyList<ILiveSource> Open(LiveOptions options)
    {
        AfPacketLink[] links =
            [.. options.Interfaces.Select((name, place) => new AfPacketLink(LinkInterface.Find(name), place, options))];
        var opened = new List<IDisposable>();
        try
        {
            var taps = links.Select(link => link.OpenAll(opened)).ToArray();
            return [.. Enumerable.Range(0, options.Workers).Select(worker => new LinkSource(CaptureBackend.AfPacket,
                [.. taps.Select(ofLink => ofLink[worker])],
                (place, gone) => links[place].TryReopen(worker, (LinkTap)gone), options.ClockNs))];
        }
        catch
        {
            opened.ForEach(resource => resource.Dispose());
            throw;
        }
    }
}
