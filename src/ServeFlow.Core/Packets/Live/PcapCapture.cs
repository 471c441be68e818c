using System.Runtime.InteropServices;
using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>Provides the functions of libpcap that capture.</summary>
static unsafe partial class PcapCapture
{
    public const int NoSuchDevice = -5;
    public const int PermissionDenied = -8;
    public const int InterfaceNotUp = -9;
    public const int PromiscuousDenied = -11;

    /// <summary>PCAP_TSTAMP_PRECISION_NANO.</summary>
    public const int Nanoseconds = 1;

    const string Library = PcapLibrary.Library;
    const int ErrorBufferBytes = 256;

    /// <summary>Returns a capture that is not yet active.</summary>
    public static nint Create(string name)
    {
        var error = stackalloc byte[ErrorBufferBytes];
        var capture = Create(name, error);
        return capture != 0
            ? capture
            : throw new InputException(LinkProblem.PcapRefused(name, Marshal.PtrToStringUTF8((nint)error) ?? ""));
    }

    public static bool EnableNonBlocking(nint capture)
    {
        var error = stackalloc byte[ErrorBufferBytes];
        return SetNonBlocking(capture, 1, error) == 0;
    }

    [LibraryImport(Library, EntryPoint = "pcap_set_snaplen")]
    public static partial int SetSnapLength(nint capture, int length);

    [LibraryImport(Library, EntryPoint = "pcap_set_promisc")]
    public static partial int SetPromiscuous(nint capture, int promiscuous);

    [LibraryImport(Library, EntryPoint = "pcap_set_timeout")]
    public static partial int SetTimeout(nint capture, int milliseconds);

    [LibraryImport(Library, EntryPoint = "pcap_set_immediate_mode")]
    public static partial int SetImmediate(nint capture, int immediate);

    [LibraryImport(Library, EntryPoint = "pcap_set_buffer_size")]
    public static partial int SetBufferSize(nint capture, int bytes);

    [LibraryImport(Library, EntryPoint = "pcap_set_tstamp_precision")]
    public static partial int SetPrecision(nint capture, int precision);

    [LibraryImport(Library, EntryPoint = "pcap_get_tstamp_precision")]
    public static partial int GetPrecision(nint capture);

    [LibraryImport(Library, EntryPoint = "pcap_activate")]
    public static partial int Activate(nint capture);

    [LibraryImport(Library, EntryPoint = "pcap_datalink")]
    public static partial int DataLink(nint capture);

    [LibraryImport(Library, EntryPoint = "pcap_setfilter")]
    public static partial int SetFilter(nint capture, CompiledFilter* program);

    [LibraryImport(Library, EntryPoint = "pcap_get_selectable_fd")]
    public static partial int Descriptor(nint capture);

    [LibraryImport(Library, EntryPoint = "pcap_next_ex")]
    public static partial int Next(nint capture, PcapPacket** packet, byte** bytes);

    [LibraryImport(Library, EntryPoint = "pcap_stats")]
    public static partial int Statistics(nint capture, PcapStatistics* statistics);

    [LibraryImport(Library, EntryPoint = "pcap_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Create(string name, byte* error);

    [LibraryImport(Library, EntryPoint = "pcap_setnonblock")]
    private static partial int SetNonBlocking(nint capture, int nonBlocking, byte* error);
}

/// <summary><c>struct pcap_pkthdr</c> with the <c>timeval</c> of 64-bit systems.</summary>
struct PcapPacket
{
    public long Seconds;

    /// <summary>Micro- or nanoseconds, as was asked.</summary>
    public long Fraction;

    public uint Captured;
    public uint Original;
}

/// <summary><c>struct pcap_stat</c>.</summary>
struct PcapStatistics
{
    public uint Received;
    public uint Dropped;
    public uint DroppedByInterface;
}
