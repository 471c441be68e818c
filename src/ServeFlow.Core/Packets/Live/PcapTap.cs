using System.Runtime.InteropServices;
using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>
/// Captures one interface through libpcap. Owned by one worker; other threads read the counters alone.
/// </summary>
sealed unsafe class PcapTap : ILinkTap
{
    const long NsPerSecond = 1_000_000_000;

    /// <summary>libpcap is not safe between threads: its counters must not be asked while it reads.</summary>
    readonly Lock busy = new();

    readonly PacketArena arena = new();

    readonly LinkType linkType;
    readonly int nsPerFraction;
    readonly int place;
    nint capture;
    PcapStatistics last;
    CaptureCounters totals;

    /// <summary>Holds the next packet, in libpcap's own memory until the one after it is asked for; null for
    /// none.</summary>
    PcapPacket* head;

    byte* headBytes;

    /// <param name="place">The interface's position in the source's list.</param>
    /// <param name="before">Counts of a tap whose interface is gone, which go on here.</param>
    /// <exception cref="InputException">libpcap refuses, or the filter does not compile.</exception>
    public PcapTap(string name, int place, LiveOptions options, CaptureCounters before = default)
    {
        (Name, this.place, totals) = (name, place, before);
        capture = PcapCapture.Create(name);
        try
        {
            Activate(options);
            linkType = FromDataLink(PcapCapture.DataLink(capture));
            nsPerFraction = PcapCapture.GetPrecision(capture) == PcapCapture.Nanoseconds ? 1 : 1000;
            if (!string.IsNullOrWhiteSpace(options.Filter))
            {
                Attach(options.Filter);
            }

            Descriptor = PcapCapture.EnableNonBlocking(capture)
                ? PcapCapture.Descriptor(capture)
                : throw new InputException(Refusal());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name { get; }

    public int Descriptor { get; }

    public bool IsGone { get; private set; }

    public bool HasPackets => TryPeek(out _);

    /// <summary>libpcap does not tell.</summary>
    public double Occupancy => 0;

    public bool TryPeek(out long timestampNs)
    {
        if (head == null)
        {
            ReadHead();
        }

        timestampNs = head == null ? 0 : (head->Seconds * NsPerSecond) + (head->Fraction * nsPerFraction);
        return head != null;
    }

    public bool Fill(PacketBurst burst, int most, long untilNs, ref long number)
    {
        for (; most > 0; most--)
        {
            if (!arena.HasRoom)
            {
                return false;
            }

            if (!TryPeek(out var ns) || ns > untilNs)
            {
                return true;
            }

            var (captured, original) = ((int)head->Captured, (int)head->Original);
            burst.Add(new(arena.Copy(new(headBytes, captured)), captured, original, ns, linkType, place, ++number));
            head = null;
        }

        return true;
    }

    public void Release() => arena.Clear();

    /// <summary>libpcap clears it where it reads.</summary>
    public void ClearError()
    {
    }

    public CaptureCounters ReadCounters()
    {
        lock (busy)
        {
            PcapStatistics now;
            if (capture != 0 && PcapCapture.Statistics(capture, &now) == 0)
            {
                // They wrap around at 32 bits.
                totals += new CaptureCounters(now.Received - last.Received, now.Dropped - last.Dropped,
                    now.DroppedByInterface - last.DroppedByInterface);
                last = now;
            }

            return totals;
        }
    }

    public void Dispose()
    {
        lock (busy)
        {
            IsGone = true;
            head = null;
            if (capture != 0)
            {
                ReadCounters();
                PcapLibrary.Close(capture);
                capture = 0;
            }
        }
    }

    void ReadHead()
    {
        lock (busy)
        {
            if (IsGone)
            {
                return;
            }

            PcapPacket* packet;
            byte* bytes;
            var result = PcapCapture.Next(capture, &packet, &bytes);
            head = result == 1 ? packet : null;
            headBytes = bytes;
            IsGone = result < 0;
        }
    }

    void Activate(LiveOptions options)
    {
        const int TimeoutMilliseconds = 2;
        _ = PcapCapture.SetSnapLength(capture, options.SnapLength);
        _ = PcapCapture.SetPromiscuous(capture, options.Promiscuous && Name != LinkInterface.Any ? 1 : 0);
        _ = PcapCapture.SetTimeout(capture, TimeoutMilliseconds);
        _ = PcapCapture.SetImmediate(capture, options.LowLatency ? 1 : 0);
        _ = PcapCapture.SetBufferSize(capture, (int)Math.Min(options.RingBytes, int.MaxValue));
        _ = PcapCapture.SetPrecision(capture, PcapCapture.Nanoseconds);
        switch (PcapCapture.Activate(capture))
        {
            case >= 0:
                return;
            case PcapCapture.NoSuchDevice:
                throw new InputException(LinkProblem.NoSuchInterface(Name, LinkInterface.Names()));
            case PcapCapture.PermissionDenied or PcapCapture.PromiscuousDenied:
                throw new InputException(LinkProblem.NotPermitted(Name));
            case PcapCapture.InterfaceNotUp:
                throw new InputException(LinkProblem.InterfaceDown(Name));
            default:
                throw new InputException(Refusal());
        }
    }

    void Attach(string filter)
    {
        CompiledFilter program;
        if (PcapLibrary.Compile(capture, &program, filter, optimize: 1, PcapLibrary.NoNetmask) != 0)
        {
            throw new InputException(PacketFilter.DoesNotCompile(filter, GetLastError()));
        }

        var result = PcapCapture.SetFilter(capture, &program);
        PcapLibrary.FreeCode(&program);
        if (result != 0)
        {
            throw new InputException(Refusal());
        }
    }

    string Refusal() => LinkProblem.PcapRefused(Name, GetLastError());

    string GetLastError() => Marshal.PtrToStringUTF8(PcapLibrary.GetError(capture)) ?? "";

    static LinkType FromDataLink(int dataLink) =>
        dataLink == (int)LinkType.RawBsd ? LinkType.Raw : (LinkType)dataLink;
}
