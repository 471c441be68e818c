using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>
/// Opens interfaces through libpcap, for one worker: slower than the kernel's ring, since each packet is copied, and
/// there wherever libpcap is.
/// </summary>
static class PcapSource
{
    public static IReadOnlyList<ILiveSource> Open(LiveOptions options)
    {
        PcapLibrary.Require("the backend pcap");
        if (options.Workers > 1)
        {
            throw new InputException(LinkProblem.OneWorker());
        }

        var taps = new List<ILinkTap>();
        try
        {
            foreach (var name in options.Interfaces)
            {
                taps.Add(options.WaitsForInterfaces && !LinkInterface.IsReady(name)
                    ? new AbsentTap(name) : new PcapTap(name, taps.Count, options));
            }
        }
        catch
        {
            taps.ForEach(tap => tap.Dispose());
            throw;
        }

        return [new LinkSource(CaptureBackend.Pcap, taps,
            (place, gone) => LinkInterface.IsReady(gone.Name)
                ? new PcapTap(gone.Name, place, options, gone.ReadCounters()) : null, options)];
    }
}
