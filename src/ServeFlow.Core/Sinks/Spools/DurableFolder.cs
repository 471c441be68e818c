using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Sinks.Spools;

/// <summary>Makes the names of a folder survive the machine: that a file is durable does not say that its name is.
/// </summary>
static partial class DurableFolder
{
    const int CloseOnExec = 0x80000;
    const int InvalidRequest = 22; // EINVAL

    /// <exception cref="IOException">The disk fails. A file system that cannot do this is no error.</exception>
    public static void Sync(string path)
    {
        // O_DIRECTORY, which is not needed, is another number on other processors.
        using var folder = Open(path, CloseOnExec);
        if (!folder.IsInvalid && Sync(folder) != 0 && Marshal.GetLastPInvokeError() is var error and not InvalidRequest)
        {
            throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);
}
