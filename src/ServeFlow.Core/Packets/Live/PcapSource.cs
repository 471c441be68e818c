using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>
/// Packets through libpcap, for one worker: slower than the kernel's ring, since each packet is copied, and there
/// wherever libpcap is.
/// </summary>
sealed unsafe class PcapSource : ILiveSource
{
    const int WaitMilliseconds = 10;

    readonly PacketArena arena = new();
    readonly PcapTap[] taps;
    readonly PollRequest[] requests;
    int first;
    long number;

    PcapSource(PcapTap[] taps)
    {
        this.taps = taps;
        requests = [.. taps.Select(tap => new PollRequest(tap.Descriptor))];
        Interfaces = [.. taps.Select(tap => tap.Name)];
    }

    public IReadOnlyList<string> Interfaces { get; }

    public CaptureBackend Backend => CaptureBackend.Pcap;

    /// <summary>The last burst was full: there is mostly more.</summary>
    public bool HasBacklog { get; private set; }

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

        return [new PcapSource([.. taps])];
    }

    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        arena.Clear();
        Fill(burst);
        if (burst.Count == 0 && Array.Exists(taps, tap => !tap.HasEnded))
        {
            Wait();
            Fill(burst);
        }

        HasBacklog = burst.IsFull || !arena.HasRoom;
        return burst.Count > 0 || Array.Exists(taps, tap => !tap.HasEnded);
    }

    public CaptureCounters ReadCounters(int interfaceIndex) => taps[interfaceIndex].ReadCounters();

    public void Dispose() => Array.ForEach(taps, tap => tap.Dispose());

    /// <summary>First an equal share for each interface, then the rest for whoever has more.</summary>
    void Fill(PacketBurst burst)
    {
        first = (first + 1) % taps.Length;
        for (var i = 0; i < 2 * taps.Length; i++)
        {
            var share = i < taps.Length ? PacketBurst.Capacity / taps.Length : PacketBurst.Capacity;
            var most = Math.Min(share, PacketBurst.Capacity - burst.Count);
            taps[(first + i) % taps.Length].Fill(burst, arena, most, ref number);
        }
    }

    void Wait()
    {
        for (var i = 0; i < taps.Length; i++)
        {
            requests[i].Descriptor = taps[i].HasEnded ? PollRequest.Ignored : taps[i].Descriptor;
        }

        fixed (PollRequest* asked = requests)
        {
            // Whatever it says, reading comes next: it notices an interface that is gone.
            _ = Libc.Poll(asked, (nuint)requests.Length, WaitMilliseconds);
        }
    }
}
