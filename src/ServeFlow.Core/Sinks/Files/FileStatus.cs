using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Sinks.Files;

/// <summary>Tells what a path or an open file is: a regular file, a pipe, or something else.</summary>
public static partial class FileStatus
{
    const int WorkingDirectory = -100;
    const int EmptyPath = 0x1000;
    const uint TypeAlone = 1;

    /// <summary>Bytes of the kernel's <c>struct statx</c>, and where in it the mode is.</summary>
    const int Length = 256;

    const int ModeOffset = 28;
    const int TypeMask = 0xf000;
    const int Regular = 0x8000;
    const int Pipe = 0x1000;
    const int Unknown = 0;

    /// <summary>Determines whether a regular file is there, links followed.</summary>
    public static bool IsRegular(string path) => TypeOf(path) == Regular;

    /// <summary>Determines whether a named pipe is there, links followed.</summary>
    public static bool IsPipe(string path) => TypeOf(path) == Pipe;

    internal static bool IsRegular(SafeFileHandle file)
    {
        Span<byte> status = stackalloc byte[Length];
        return Read(file, "", EmptyPath, TypeAlone, status) == 0 && TypeIn(status) == Regular;
    }

    static int TypeOf(string path)
    {
        Span<byte> status = stackalloc byte[Length];
        return Read(WorkingDirectory, path, 0, TypeAlone, status) == 0 ? TypeIn(status) : Unknown;
    }

    static int TypeIn(ReadOnlySpan<byte> status) =>
        BinaryPrimitives.ReadUInt16LittleEndian(status[ModeOffset..]) & TypeMask;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Read(int directory, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Read(SafeFileHandle file, string path, int flags, uint mask, Span<byte> status);
}
