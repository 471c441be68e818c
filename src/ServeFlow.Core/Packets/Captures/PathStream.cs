using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Packets.Captures;

/// <summary>Opens files to be read, whatever bytes their names are made of.</summary>
static partial class PathStream
{
    const int ReadOnly = 0;
    const int CloseOnExec = 0x80000;
    const int NoSuchFile = 2; // ENOENT
    const int NoPermission = 13; // EACCES
    const int BufferSize = 1 << 16;

    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to read it.</exception>
    public static FileStream Open(string path) => PathBytes.IsText(path)
        ? new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BufferSize, FileOptions.SequentialScan)
        : new(OpenHandle(path), FileAccess.Read, BufferSize);

    /// <param name="flags">Further flags of open(2).</param>
    /// <inheritdoc cref="Open(string)"/>
    public static SafeFileHandle OpenHandle(string path, int flags = 0)
    {
        var handle = Open(PathBytes.Encode(path), ReadOnly | CloseOnExec | flags);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        var message = Marshal.GetPInvokeErrorMessage(error);
        handle.Dispose();
        throw error switch
        {
            NoSuchFile => new FileNotFoundException(message),
            NoPermission => new UnauthorizedAccessException(message),
            _ => new IOException(message, error),
        };
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial SafeFileHandle Open(ReadOnlySpan<byte> path, int flags);
}
