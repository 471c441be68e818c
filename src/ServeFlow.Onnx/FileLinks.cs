using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Onnx;

/// <summary>Counts the names of an open file, which .NET does not tell.</summary>
static partial class FileLinks
{
    /// <summary>linux/stat.h and linux/fcntl.h.</summary>
    const int EmptyPath = 0x1000;

    const uint LinkCount = 0x4;

    /// <summary>Specifies the size of struct statx, and where its mask and its number of links stand.</summary>
    const int StatBytes = 256, MaskOffset = 0, LinksOffset = 16;

    /// <returns>1 where the system cannot say.</returns>
    public static int Count(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return 1;
        }

        Span<byte> stat = stackalloc byte[StatBytes];
        return Stat(file, "", EmptyPath, LinkCount, stat) == 0
            && (BinaryPrimitives.ReadUInt32LittleEndian(stat[MaskOffset..]) & LinkCount) != 0
                ? BinaryPrimitives.ReadInt32LittleEndian(stat[LinksOffset..])
                : 1;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Stat(SafeFileHandle file, string path, int flags, uint mask, Span<byte> result);
}
