using System.Runtime.InteropServices;
using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>
/// Captures one interface through libpcap. Owned by one worker; other threads read the counters alone.
/// </summary>
sealed unsafe class PcapTap : IDisposable
{
    const long NsPerSecond = 1_000_000_000;

    /// <summary>libpcap is not safe between threads: its counters must not be asked while it reads.</summary>
    readonly Lock busy = new();

    readonly LinkType linkType;
    readonly int nsPerFraction;
    readonly int place;
    nint capture;
    PcapStatistics last;
    CaptureCounters totals;

    /// <param name="place">The interface's position in the source's list.</param>
    /// <exception cref="InputException">libpcap refuses, or the filter does not compile.</exception>
    public PcapTap(string name, int place, LiveOptions options)
    {
        (Name, this.place) = (name, place);
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

    /// <summary>Gets whether the interface is gone for good.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Copies what is there: libpcap's own buffer is void at its next packet.</summary>
    public void Fill(PacketBurst burst, PacketArena arena, int most, ref long number)
    {
        lock (busy)
        {
            for (; most > 0 && !HasEnded && arena.HasRoom; most--)
            {
                PcapPacket* packet;
                byte* bytes;
                var result = PcapCapture.Next(capture, &packet, &bytes);
                if (result != 1)
                {
                    HasEnded = result < 0;
                    return;
                }

                var copy = arena.Copy(new(bytes, (int)packet->Captured));
                burst.Add(new(copy, (int)packet->Captured, (int)packet->Original,
                    (packet->Seconds * NsPerSecond) + (packet->Fraction * nsPerFraction), linkType, place, ++number));
            }
        }
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
            HasEnded = true;
            if (capture != 0)
            {
                ReadCounters();
                PcapLibrary.Close(capture);
                capture = 0;
            }
        }
    }

    void Activate(LiveOptions options)
    {
        const int TimeoutMilliseconds = 2;
        _ = PcapCapture.SetSnapLength(capture, options.SnapLength);
        _ = PcapCapture.SetPromiscuous(capture, options.Promiscuous && Name != LinkInterface.Any ? 1 : 0);
        _ = PcapCapture.SetTimeout(capture, TimeoutMilliseconds);
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
