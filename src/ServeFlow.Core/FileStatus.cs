using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServeFlow;

/// <summary>Tells what a path leads to, with links followed.</summary>
enum FileKind
{
    Regular,
    Pipe,

    /// <summary>A directory, a socket or a device.</summary>
    Special,

    Missing,
    NoPermission,

    /// <summary>A link that leads round in a circle.</summary>
    LinkCircle,
}

/// <summary>Asks for the kind and size of files; .NET does not tell pipes from empty files.</summary>
public static partial class FileStatus
{
    const int WorkingDirectory = -100;
    const int EmptyPath = 0x1000;
    const uint TypeAndSize = 0x201; // STATX_TYPE | STATX_SIZE

    /// <summary>Bytes of the kernel's <c>struct statx</c>.</summary>
    const int Length = 256;

    const uint Inode = 0x100; // STATX_INO
    const int ModeAt = 28;
    const int InodeAt = 32;
    const int DeviceAt = 136;
    const int SizeAt = 40;
    const int TypeMask = 0xf000;
    const int RegularFile = 0x8000;
    const int NamedPipe = 0x1000;
    const int NoPermissionError = 13; // EACCES
    const int LinkCircleError = 40; // ELOOP

    /// <summary>Determines whether a regular file is there, links followed.</summary>
    public static bool IsRegular(string path) => Find(path, out _) == FileKind.Regular;

    /// <summary>Determines whether a named pipe is there, links followed.</summary>
    public static bool IsPipe(string path) => Find(path, out _) == FileKind.Pipe;

    internal static bool IsRegular(SafeFileHandle file)
    {
        Span<byte> status = stackalloc byte[Length];
        return Read(file, "", EmptyPath, TypeAndSize, status) == 0 && KindIn(status) == FileKind.Regular;
    }

    /// <summary>Determines whether a path still leads to a file that is open, links followed.</summary>
    public static bool IsAt(SafeFileHandle file, string path)
    {
        Span<byte> open = stackalloc byte[Length];
        Span<byte> there = stackalloc byte[Length];
        return Read(file, "", EmptyPath, Inode, open) == 0 && Read(WorkingDirectory, path, 0, Inode, there) == 0
            && open.Slice(InodeAt, sizeof(ulong)).SequenceEqual(there.Slice(InodeAt, sizeof(ulong)))
            && open.Slice(DeviceAt, sizeof(ulong)).SequenceEqual(there.Slice(DeviceAt, sizeof(ulong)));
    }

    /// <param name="path">The path to look at.</param>
    /// <param name="size">Bytes of what is there, 0 where nothing is.</param>
    internal static FileKind Find(string path, out long size)
    {
        Span<byte> status = stackalloc byte[Length];
        size = 0;
        if (Read(WorkingDirectory, path, 0, TypeAndSize, status) != 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                NoPermissionError => FileKind.NoPermission,
                LinkCircleError => FileKind.LinkCircle,
                _ => FileKind.Missing,
            };
        }

        size = BinaryPrimitives.ReadInt64LittleEndian(status[SizeAt..]);
        return KindIn(status);
    }

    static FileKind KindIn(ReadOnlySpan<byte> status) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(status[ModeAt..]) & TypeMask) switch
        {
            RegularFile => FileKind.Regular,
            NamedPipe => FileKind.Pipe,
            _ => FileKind.Special,
        };

    /// <summary>Calls statx(2), whose answer has the same layout on every processor.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Read(int directory, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Read(SafeFileHandle file, string path, int flags, uint mask, Span<byte> status);
}
