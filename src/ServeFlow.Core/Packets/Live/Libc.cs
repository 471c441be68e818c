using System.Runtime.InteropServices;

namespace ServeFlow.Packets.Live;

/// <summary>Provides the calls of the C library that capturing takes.</summary>
static unsafe partial class Libc
{
    const string Library = "libc";

    public const int ProtectRead = 1;
    public const int ProtectWrite = 2;
    public const int MapShared = 1;

    /// <summary>MAP_FAILED.</summary>
    public static readonly void* MapFailed = (void*)-1;

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial LinkHandle Socket(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(LinkHandle socket, int level, int option, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(LinkHandle socket, int level, int option, void* value, uint* length);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(LinkHandle socket, void* address, uint length);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(LinkHandle socket, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetName(LinkHandle socket, void* address, uint* length);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int IoControl(LinkHandle socket, nuint request, void* argument);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollRequest* requests, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial void* Map(void* address, nuint length, int protection, int flags, LinkHandle file,
        nint offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(void* address, nuint length);

    [LibraryImport(Library, EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint IndexOf(string interfaceName);

    [LibraryImport(Library, EntryPoint = "if_nameindex")]
    public static partial NamedIndex* NameIndex();

    [LibraryImport(Library, EntryPoint = "if_freenameindex")]
    public static partial void FreeNameIndex(NamedIndex* list);
}

/// <summary><c>struct pollfd</c>.</summary>
struct PollRequest(int descriptor)
{
    /// <summary>POLLIN.</summary>
    public const short Readable = 1;

    /// <summary>POLLERR.</summary>
    public const short Failed = 8;

    /// <summary>A negative descriptor is passed over.</summary>
    public const int Ignored = -1;

    public int Descriptor = descriptor;
    public short Events = Readable | Failed;
    public short ReturnedEvents;
}

/// <summary><c>struct if_nameindex</c>.</summary>
unsafe struct NamedIndex
{
    public uint Index;
    public byte* Name;
}
