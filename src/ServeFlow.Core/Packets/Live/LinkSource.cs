using System.Diagnostics;

namespace ServeFlow.Packets.Live;

/// <summary>
/// Packets of interfaces, merged by time. An interface that is removed is listened to again when it is made anew; the
/// source ends when all have been gone for two seconds and are not to be waited for.
/// </summary>
sealed unsafe class LinkSource : ILiveSource
{
    const int WaitMilliseconds = 10;

    /// <summary>
    /// Nanoseconds after the last packet for which the next one is looked for without a pause, for low latency: 1 ms.
    /// Where packets are further apart, being woken for one (some 50 µs) costs less than the core.
    /// </summary>
    const long SpinNs = 1_000_000;

    /// <summary>Iterations of a pause between two looks: a tenth of a microsecond.</summary>
    const int PauseIterations = 3;

    /// <summary>Polls after which interfaces are looked after, however much traffic there is.</summary>
    const int PollsPerCheck = 64;

    /// <summary>Waits of 10 ms until interfaces that are all gone will not come back.</summary>
    const int WaitsUntilEnd = 200;

    readonly ILinkTap[] taps;
    readonly PollRequest[] requests;
    readonly bool[] isGone;
    readonly long[] opened;
    readonly string?[] problems;
    readonly bool waitsForInterfaces;
    readonly Func<int, ILinkTap, ILinkTap?> reopen;
    readonly long spinNs;
    LinkMerge merge;
    bool cameLast;
    bool hasEnded;
    int polls;
    int waitsInVain;
    long number;

    /// <param name="reopen">
    /// Makes a tap anew for the interface of that index, going on with the counters of the one that is gone; null where
    /// the interface is not there; throws <see cref="InputException"/> where it is, but cannot be listened to.
    /// </param>
    public LinkSource(CaptureBackend backend, IReadOnlyList<ILinkTap> taps, Func<int, ILinkTap, ILinkTap?> reopen,
        LiveOptions options)
    {
        (Backend, this.taps, this.reopen) = (backend, [.. taps], reopen);
        requests = [.. taps.Select(tap => new PollRequest(tap.Descriptor))];
        isGone = [.. taps.Select(tap => tap.IsGone)];
        (opened, problems) = ([.. isGone.Select(isAway => isAway ? 0L : 1)], new string?[taps.Count]);
        waitsForInterfaces = options.WaitsForInterfaces;
        spinNs = options.LowLatency ? SpinNs : 0;
        merge = new(options.ClockNs, options.LowLatency ? LinkMerge.LowLatencyDelayNs : LinkMerge.MaxDelayNs);
        Interfaces = [.. taps.Select(tap => tap.Name)];
    }

    public IReadOnlyList<string> Interfaces { get; }

    public CaptureBackend Backend { get; }

    /// <summary>Gets whether packets wait. Those held back for packets of other interfaces are no backlog.</summary>
    public bool HasBacklog => merge.HeldNs == 0 && HasPackets;

    /// <summary>Gets the fullest ring's occupancy.</summary>
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

    bool HasPackets
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

    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        foreach (var tap in taps)
        {
            tap.Release();
        }

        if (++polls % PollsPerCheck == 0)
        {
            CheckInterfaces();
        }

        Fill(burst);
        if (burst.Count == 0 && !hasEnded)
        {
            if (!TrySpin())
            {
                Wait();
            }

            Fill(burst);
        }

        cameLast = burst.Count > 0;
        return burst.Count > 0 || !hasEnded;
    }

    public CaptureCounters ReadCounters(int interfaceIndex) => taps[interfaceIndex].ReadCounters();

    public long CountOpened(int interfaceIndex) => Volatile.Read(ref opened[interfaceIndex]);

    public bool IsListening(int interfaceIndex) => !Volatile.Read(ref isGone[interfaceIndex]);

    public string? FindProblem(int interfaceIndex) => Volatile.Read(ref problems[interfaceIndex]);

    public void Dispose()
    {
        foreach (var tap in taps)
        {
            tap.Dispose();
        }
    }

    void Fill(PacketBurst burst)
    {
        if (taps.Length == 1)
        {
            taps[0].Fill(burst, PacketBurst.Capacity, long.MaxValue, ref number);
        }
        else
        {
            merge.Fill(burst, taps, isGone, ref number);
        }
    }

    /// <summary>
    /// Looks for packets without a pause, for a while, where the last poll gave some: the next is near then. Packets
    /// that are held back are looked after until they need not be. False where it is time to wait instead.
    /// </summary>
    bool TrySpin()
    {
        var isHolding = merge.HeldNs > 0;
        var limitNs = isHolding ? Math.Min(merge.HeldNs, spinNs) : cameLast ? spinNs : 0;
        if (limitNs == 0)
        {
            return false;
        }

        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalNanoseconds < limitNs;)
        {
            if (isHolding ? HaveAllPackets() : HasPackets)
            {
                return true;
            }

            Thread.SpinWait(PauseIterations);
        }

        return isHolding;
    }

    /// <summary>Determines whether every interface that is there has a packet: none is held back then.</summary>
    bool HaveAllPackets()
    {
        for (var i = 0; i < taps.Length; i++)
        {
            if (!isGone[i] && !taps[i].HasPackets)
            {
                return false;
            }
        }

        return true;
    }

    void Wait()
    {
        var isHolding = merge.HeldNs > 0;
        for (var i = 0; i < taps.Length; i++)
        {
            var isAsked = !isGone[i] && !(isHolding && taps[i].HasPackets);
            requests[i].Descriptor = isAsked ? taps[i].Descriptor : PollRequest.Ignored;
        }

        int told;
        fixed (PollRequest* asked = requests)
        {
            told = Libc.Poll(asked, (nuint)requests.Length,
                isHolding ? Math.Min(merge.WaitMilliseconds, WaitMilliseconds) : WaitMilliseconds);
        }

        for (var i = 0; told > 0 && i < requests.Length; i++)
        {
            if ((requests[i].ReturnedEvents & PollRequest.Failed) != 0)
            {
                taps[i].ClearError();
            }
        }

        CheckInterfaces();
    }

    /// <summary>
    /// Listens again to interfaces that were made anew. An interface may vanish without an error that tells of it.
    /// </summary>
    void CheckInterfaces()
    {
        var isAnyThere = false;
        for (var i = 0; i < taps.Length; i++)
        {
            isGone[i] = isGone[i] || taps[i].IsGone;
            if (isGone[i] && !taps[i].HasPackets && TryReopen(i) is { } fresh)
            {
                taps[i].Dispose();
                taps[i] = fresh;
                isGone[i] = false;
                Volatile.Write(ref opened[i], opened[i] + 1);
            }

            isAnyThere |= !isGone[i] || LinkInterface.Exists(taps[i].Name);
        }

        waitsInVain = isAnyThere || waitsForInterfaces ? 0 : waitsInVain + 1;
        hasEnded = waitsInVain >= WaitsUntilEnd;
    }

    /// <summary>Makes a tap anew; where that is refused, the reason is kept, and it is tried again later.</summary>
    ILinkTap? TryReopen(int place)
    {
        string? problem = null;
        try
        {
            return reopen(place, taps[place]);
        }
        catch (InputException e)
        {
            problem = e.Message;
            return null;
        }
        finally
        {
            Volatile.Write(ref problems[place], problem);
        }
    }
}
