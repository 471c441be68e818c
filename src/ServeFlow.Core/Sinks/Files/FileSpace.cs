using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Sinks.Files;

/// <summary>Reserves space on a disk, so that what is written over later cannot fail for want of it.</summary>
public static partial class FileSpace
{
    const int KeepSize = 1;
    const int NoSpace = 28;
    const int QuotaExceeded = 122;

    /// <summary>Reserves a range of a file without changing its length.</summary>
    /// <exception cref="IOException">The disk is full. A file system that cannot reserve is no error.</exception>
    public static void Reserve(SafeFileHandle file, long start, long length)
    {
        if (Allocate(file, KeepSize, start, length) != 0
            && Marshal.GetLastPInvokeError() is var error and (NoSpace or QuotaExceeded))
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    [LibraryImport("libc", EntryPoint = "fallocate64", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);
}
