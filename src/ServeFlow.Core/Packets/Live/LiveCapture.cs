namespace ServeFlow.Packets.Live;

/// <summary>Opens links.</summary>
public static class LiveCapture
{
    /// <summary>
    /// Opens all interfaces for all workers at once. What arrives is shared flow by flow, and nothing is handed over
    /// before every worker is there to take its share.
    /// </summary>
    /// <returns>One source for each worker.</returns>
    /// <exception cref="InputException">
    /// An interface does not exist or is down and is not waited for, a permission is lacking, the filter does not
    /// compile, or the system refuses the memory.
    /// </exception>
    public static IReadOnlyList<ILiveSource> Open(LiveOptions options)
    {
        Check(options);
        return options.Backend switch
        {
            CaptureBackend.AfPacket => OpenRings(options),
            CaptureBackend.Auto when OperatingSystem.IsLinux() => OpenRings(options),
            _ => PcapSource.Open(options),
        };
    }

    /// <summary>Sets up the sockets of all workers on all interfaces.</summary>
    static IReadOnlyList<ILiveSource> OpenRings(LiveOptions options)
    {
        AfPacketLink[] links =
            [.. options.Interfaces.Select((name, place) => new AfPacketLink(name, place, options))];
        var opened = new List<IDisposable>();
        try
        {
            var taps = links.Select(link => link.OpenAll(opened)).ToArray();
            return [.. Enumerable.Range(0, options.Workers).Select(worker => new LinkSource(CaptureBackend.AfPacket,
                [.. taps.Select(ofLink => ofLink[worker])],
                (place, gone) => links[place].TryReopen(worker, gone), options))];
        }
        catch
        {
            opened.ForEach(resource => resource.Dispose());
            throw;
        }
    }

    static void Check(LiveOptions options)
    {
        var names = options.Interfaces;
        if (names.Count == 0)
        {
            throw new InputException(LinkProblem.NoInterfaces());
        }

        if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InputException(LinkProblem.DuplicateInterface(twice.Key));
        }

        if (names.Count > 1 && names.Contains(LinkInterface.Any))
        {
            throw new InputException(LinkProblem.AnyAndOthers());
        }

        if (names.FirstOrDefault(name => !LinkInterface.CanExist(name)) is { } impossible)
        {
            throw new InputException(LinkProblem.NoSuchInterface(impossible, LinkInterface.Names()));
        }

        if (options.Workers < 1)
        {
            throw new InputException(LinkProblem.Field("workers", $"{options.Workers}", "at least 1"));
        }

        if (options.SnapLength is < 1 or > 262_144)
        {
            throw new InputException(LinkProblem.Field("snap length", $"{options.SnapLength}", "1 to 262144 bytes"));
        }

        if (options.RingBytes is < 1 or > 1L << 32)
        {
            throw new InputException(LinkProblem.Field("ring", $"{options.RingBytes}", "1 byte to 4 GiB"));
        }
    }
}
