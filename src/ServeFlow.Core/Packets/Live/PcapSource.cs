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

        var taps = new List<PcapTap>();
        try
        {
            foreach (var name in options.Interfaces)
            {
                taps.Add(new(name, taps.Count, options));
            }
        }
        catch
        {
            taps.ForEach(tap => tap.Dispose());
            throw;
        }

        return [new LinkSource(CaptureBackend.Pcap, taps,
            (place, gone) => TryReopen(place, (PcapTap)gone, options), options)];
    }

    static PcapTap? TryReopen(int place, PcapTap gone, LiveOptions options)
    {
        try
        {
            return LinkInterface.Exists(gone.Name) ? new(gone.Name, place, options, gone.ReadCounters()) : null;
        }
        catch (InputException)
        {
            return null; // it is tried again
        }
    }
}
