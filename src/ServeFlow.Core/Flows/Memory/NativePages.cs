using System.Runtime.InteropServices;

namespace ServeFlow.Flows.Memory;

/// <summary>
/// Zeroed pages from the operating system; on Linux in huge pages from 2 MiB on. Flows are looked up all over the
/// table: with small pages nearly every packet misses the TLB, and even asking for the memory ahead waits for that.
/// </summary>
static unsafe partial class NativePages
{
    /// <summary>Specifies the size of a huge page, in bytes.</summary>
    public const int HugePage = 2 << 20;

    const nuint Page = 4096;

    // Linux, all architectures: mmap(2), madvise(2).
    const int ReadAndWrite = 3;
    const int PrivateAnonymousUnreserved = 0x4022;
    const int AdviseNotNeeded = 4;
    const int AdviseHugePages = 14;
    const int AdvisePopulateForWriting = 23;
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

        return (void*)(bytes < HugePage ? Map(bytes) : MapHuge(bytes));
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

    /// <summary>Backs pages by memory before they are written. A kernel before Linux 5.14 does nothing.</summary>
    public static void Populate(void* start, nuint bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Advise((nint)start, bytes, AdvisePopulateForWriting);
        }
    }

    /// <summary>Gives the memory of pages back, which stay mapped and hold zeros from then on.</summary>
    public static void Discard(void* start, nuint bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Advise((nint)start, bytes, AdviseNotNeeded);
        }
    }

    /// <summary>Maps memory that starts on a huge page's border: the part mapped to find one is given back.</summary>
    static nint MapHuge(nuint bytes)
    {
        var mapped = Map(bytes + HugePage);
        var before = HugePage - (mapped & (HugePage - 1));
        var start = mapped + before;
        _ = Unmap(mapped, (nuint)before);
        var end = start + (nint)((bytes + Page - 1) & ~(Page - 1));
        _ = Unmap(end, (nuint)(mapped + (nint)(bytes + HugePage) - end));
        _ = Advise(start, bytes, AdviseHugePages); // a hint: small pages will do
        return start;
    }

    static nint Map(nuint bytes)
    {
        var address = Map(0, bytes, ReadAndWrite, PrivateAnonymousUnreserved, -1, 0);
        return address != Failed
            ? address
            : throw new InputException($"no room in memory for {bytes:N0} bytes of flows; ask for fewer flows");
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
