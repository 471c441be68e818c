using System.Runtime.InteropServices;

namespace ServeFlow.Flows;

/// <summary>
/// Zeroed pages from the operating system. On Linux all but the first 2 MiB are asked for in huge pages: a table of
/// millions of flows would otherwise miss the TLB at every packet, while a small capture takes no more than it needs.
/// </summary>
static unsafe partial class NativePages
{
    const nuint HugePage = 2 << 20;
    const nuint Page = 4096;

    // Linux, all architectures: mmap(2), madvise(2).
    const int ReadAndWrite = 3;
    const int PrivateAnonymousUnreserved = 0x4022;
    const int HugePagesPlease = 14;
    const nint Failed = -1;

    /// <exception cref="InputException">There is not so much address space.</exception>
    public static void* Reserve(nuint bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            var room = NativeMemory.AlignedAlloc(bytes, Page);
            NativeMemory.Clear(room, bytes);
            return room;
        }

        var address = Map(0, bytes, ReadAndWrite, PrivateAnonymousUnreserved, -1, 0);
        if (address == Failed)
        {
            throw new InputException($"no room in memory for {bytes:N0} bytes of flows; ask for fewer flows");
        }

        if (bytes > HugePage)
        {
            _ = Advise(address + (nint)HugePage, bytes - HugePage, HugePagesPlease); // a hint: small pages will do
        }

        return (void*)address;
    }

    public static void Release(void* start, nuint bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Unmap((nint)start, bytes);
        }
        else
        {
            NativeMemory.AlignedFree(start);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
