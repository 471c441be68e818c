using System.Runtime.InteropServices;

namespace ServeFlow.Packets.Captures;

/// <summary>
/// Lists the names of a directory as the kernel has them. The base library lists names that are not UTF-8 in a form
/// that leads to no file.
/// </summary>
static unsafe partial class DirectoryNames
{
    /// <summary>Specifies the number of bytes before the name in <c>struct dirent</c>: inode, offset, length and
    /// type.</summary>
    const int NameAt = 19;

    /// <summary>Lists a directory.</summary>
    /// <param name="names">The names, in the order of the file system, without the directory and its parent.</param>
    /// <returns>Zero, or the error number where it cannot be read.</returns>
    public static int TryList(string directory, out List<string> names)
    {
        names = [];
        var stream = Open(PathBytes.Encode(directory));
        if (stream == 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        try
        {
            while (Read(stream) is var entry && entry != 0)
            {
                var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)entry + NameAt);
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    names.Add(PathBytes.Decode(name));
                }
            }

            return Marshal.GetLastPInvokeError();
        }
        finally
        {
            _ = Close(stream);
        }
    }

    [LibraryImport("libc", EntryPoint = "opendir", SetLastError = true)]
    private static partial nint Open(ReadOnlySpan<byte> path);

    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    private static partial nint Read(nint stream);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int Close(nint stream);
}
