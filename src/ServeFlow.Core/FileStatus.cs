using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServeFlow;

/// <summary>Tells what a path leads to.</summary>
enum FileKind
{
    Regular,
    Pipe,

    Directory,

    /// <summary>A link, where links are not followed.</summary>
    Link,

    /// <summary>A socket or a device.</summary>
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
    const int NotFollowing = 0x100; // AT_SYMLINK_NOFOLLOW
    const uint TypeAndSize = 0x201; // STATX_TYPE | STATX_SIZE

    /// <summary>Specifies the number of bytes of the kernel's <c>struct statx</c>.</summary>
    const int Length = 256;

    const uint Inode = 0x100; // STATX_INO
    const int ModeAt = 28;
    const int InodeAt = 32;
    const int DeviceAt = 136;
    const int SizeAt = 40;
    const int TypeMask = 0xf000;
    const int RegularFile = 0x8000;
    const int NamedPipe = 0x1000;
    const int Directory = 0x4000;
    const int Link = 0xa000;
    const int NoPermissionError = 13; // EACCES
    const int LinkCircleError = 40; // ELOOP

    /// <summary>Determines whether a regular file is there, links followed.</summary>
    public static bool IsRegular(string path) => Find(path, out _) == FileKind.Regular;

    /// <summary>Determines whether a named pipe is there, links followed.</summary>
    public static bool IsPipe(string path) => Find(path, out _) == FileKind.Pipe;

    /// <summary>Determines whether a directory is there, links followed.</summary>
    public static bool IsDirectory(string path) => Find(path, out _) == FileKind.Directory;

    /// <summary>Determines whether anything is there, or may be for all that this user may see.</summary>
    public static bool IsThere(string path) => Find(path, out _) != FileKind.Missing;

    internal static bool IsRegular(SafeFileHandle file)
    {
        Span<byte> status = stackalloc byte[Length];
        return Read(file, [0], EmptyPath, TypeAndSize, status) == 0 && KindIn(status) == FileKind.Regular;
    }

    /// <summary>Determines whether a path still leads to a file that is open, links followed.</summary>
    public static bool IsAt(SafeFileHandle file, string path)
    {
        Span<byte> open = stackalloc byte[Length];
        Span<byte> there = stackalloc byte[Length];
        return Read(file, [0], EmptyPath, Inode, open) == 0
            && Read(WorkingDirectory, PathBytes.Encode(path), 0, Inode, there) == 0
            && open.Slice(InodeAt, sizeof(ulong)).SequenceEqual(there.Slice(InodeAt, sizeof(ulong)))
            && open.Slice(DeviceAt, sizeof(ulong)).SequenceEqual(there.Slice(DeviceAt, sizeof(ulong)));
    }

    /// <param name="path">The path to look at.</param>
    /// <param name="size">Bytes of what is there, 0 where nothing is.</param>
    /// <param name="followsLinks">Whether a link is what it leads to, or itself.</param>
    internal static FileKind Find(string path, out long size, bool followsLinks = true)
    {
        Span<byte> status = stackalloc byte[Length];
        size = 0;
        var flags = followsLinks ? 0 : NotFollowing;
        if (Read(WorkingDirectory, PathBytes.Encode(path), flags, TypeAndSize, status) != 0)
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
            Directory => FileKind.Directory,
            Link => FileKind.Link,
            _ => FileKind.Special,
        };

    /// <summary>Calls statx(2), whose answer has the same layout on every processor.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Read(int directory, ReadOnlySpan<byte> path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Read(SafeFileHandle file, ReadOnlySpan<byte> path, int flags, uint mask,
        Span<byte> status);
}
