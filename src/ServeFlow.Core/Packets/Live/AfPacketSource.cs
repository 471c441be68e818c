namespace ServeFlow.Packets.Live;

/// <summary>
/// Packets straight out of the kernel's rings, borrowed: a block goes back to the kernel at the next
/// <see cref="Poll"/>. Several interfaces are read in turn, each its share of a burst.
/// </summary>
sealed unsafe class AfPacketSource : ILiveSource
{
    const int WaitMilliseconds = 10;

    readonly LinkTap[] taps;
    readonly PollRequest[] requests;
    int first;
    int liveTaps;
    long number;

    public AfPacketSource(IReadOnlyList<LinkTap> taps)
    {
        this.taps = [.. taps];
        requests = [.. taps.Select(tap => new PollRequest(tap.Descriptor))];
        liveTaps = this.taps.Length;
        Interfaces = [.. taps.Select(tap => tap.Name)];
    }

    public IReadOnlyList<string> Interfaces { get; }

    public CaptureBackend Backend => CaptureBackend.AfPacket;

    public bool HasBacklog
    {
        get
        {
            foreach (var tap in taps)
            {
                if (tap.HasPackets)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The fullest ring's occupancy.</summary>
    public double Pressure
    {
        get
        {
            var most = 0.0;
            foreach (var tap in taps)
            {
                most = Math.Max(most, tap.HasPackets ? tap.Occupancy : 0);
            }

            return most;
        }
    }

    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        foreach (var tap in taps)
        {
            tap.ReleaseBlocks();
        }

        Fill(burst);
        if (burst.Count == 0 && liveTaps > 0)
        {
            Wait();
            Fill(burst);
        }

        return burst.Count > 0 || liveTaps > 0;
    }

    public CaptureCounters ReadCounters(int interfaceIndex) => taps[interfaceIndex].ReadCounters();

    public void Dispose()
    {
        foreach (var tap in taps)
        {
            tap.Dispose();
        }
    }

    /// <summary>First an equal share for each interface, then the rest for whoever has more.</summary>
    void Fill(PacketBurst burst)
    {
        first = first + 1 == taps.Length ? 0 : first + 1;
        for (var round = 0; round < 2; round++)
        {
            var share = round == 0 ? PacketBurst.Capacity / taps.Length : PacketBurst.Capacity;
            for (var i = 0; i < taps.Length; i++)
            {
                var tap = taps[first + i < taps.Length ? first + i : first + i - taps.Length];
                tap.Fill(burst, Math.Min(share, PacketBurst.Capacity - burst.Count), ref number);
            }
        }
    }

    void Wait()
    {
        fixed (PollRequest* asked = requests)
        {
            if (Libc.Poll(asked, (nuint)requests.Length, WaitMilliseconds) <= 0)
            {
                return;
            }
        }

        for (var i = 0; i < requests.Length; i++)
        {
            if ((requests[i].ReturnedEvents & PollRequest.Failed) != 0)
            {
                HandleTapError(i);
            }
        }
    }

    /// <summary>An interface went down, and may come back; or it is gone for good.</summary>
    void HandleTapError(int tap)
    {
        taps[tap].ClearError();
        if (taps[tap].IsGone)
        {
            requests[tap].Descriptor = PollRequest.Ignored;
            liveTaps--;
        }
    }
}
