using System.Reflection;
using System.Runtime.InteropServices;

namespace ServeFlow.Packets.Filters;

/// <summary>Provides the functions of libpcap that compile filters.</summary>
static unsafe partial class PcapLibrary
{
    /// <summary>Specifies the library's name in the imports; <see cref="Resolve"/> finds the file.</summary>
    public const string Library = "pcap";

    /// <summary>PCAP_NETMASK_UNKNOWN: <c>ip broadcast</c> has no meaning then.</summary>
    public const uint NoNetmask = 0xffff_ffff;

    /// <summary>Lists the file names that systems use: since 1.0 upstream, Debian's name, macOS's.</summary>
    static readonly string[] names = ["libpcap.so.1", "libpcap.so.0.8", "libpcap.so", "libpcap.dylib"];

    static readonly nint handle = Find();

    static PcapLibrary() => NativeLibrary.SetDllImportResolver(typeof(PcapLibrary).Assembly, Resolve);

    public static bool IsAvailable => handle != 0;

    /// <exception cref="InputException">The library is not installed.</exception>
    public static void Require(string what)
    {
        if (!IsAvailable)
        {
            throw new InputException(
                $"{what} takes libpcap, which is not there: install it (apt-get install libpcap0.8)");
        }
    }

    [LibraryImport(Library, EntryPoint = "pcap_open_dead")]
    public static partial nint OpenDead(int linkType, int snapLength);

    [LibraryImport(Library, EntryPoint = "pcap_compile", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Compile(nint capture, CompiledFilter* program, string text, int optimize, uint netmask);

    [LibraryImport(Library, EntryPoint = "pcap_freecode")]
    public static partial void FreeCode(CompiledFilter* program);

    [LibraryImport(Library, EntryPoint = "pcap_geterr")]
    public static partial nint GetError(nint capture);

    [LibraryImport(Library, EntryPoint = "pcap_close")]
    public static partial void Close(nint capture);

    static nint Find() => names.Select(name => NativeLibrary.TryLoad(name, out var found) ? found : 0)
        .FirstOrDefault(found => found != 0);

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Library ? handle : 0;
}

/// <summary><c>struct bpf_program</c>.</summary>
unsafe struct CompiledFilter
{
    public uint Length;
    public BpfInstruction* Instructions;
}
