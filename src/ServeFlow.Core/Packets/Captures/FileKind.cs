using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ServeFlow.Packets.Captures;

/// <summary>What a path leads to, links followed.</summary>
enum FileKind
{
    Regular,

    /// <summary>A pipe, a socket or a device: opening it may wait for ever.</summary>
    Special,

    Missing,
    NoPermission,

    /// <summary>A link that leads round in a circle.</summary>
    LinkCircle,
}

/// <summary>Asks for the kind and size of files; .NET does not tell pipes from empty files.</summary>
static unsafe partial class FileStatus
{
    const int CurrentDirectory = -100;
    const int TypeAndSize = 0x201; // STATX_TYPE | STATX_SIZE
    const int ModeAt = 28;
    const int SizeAt = 40;
    const int TypeMask = 0xf000;
    const int RegularFile = 0x8000;
    const int NoPermissionError = 13; // EACCES
    const int LinkCircleError = 40; // ELOOP

    /// <param name="path">The path to look at.</param>
    /// <param name="size">Bytes of a regular file.</param>
    public static FileKind Find(string path, out long size)
    {
        Span<byte> status = stackalloc byte[256];
        size = 0;
        if (StatX(CurrentDirectory, path, 0, TypeAndSize, status) != 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                NoPermissionError => FileKind.NoPermission,
                LinkCircleError => FileKind.LinkCircle,
                _ => FileKind.Missing,
            };
        }

        size = BinaryPrimitives.ReadInt64LittleEndian(status[SizeAt..]);
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(status[ModeAt..]);
        return (mode & TypeMask) == RegularFile ? FileKind.Regular : FileKind.Special;
    }

    /// <summary>statx(2), whose answer has the same layout on every processor.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, Span<byte> status);
}
