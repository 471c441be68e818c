using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Sinks.Files;

/// <summary>Tells what came of an attempt to lock a file.</summary>
public enum FileLockResult
{
    /// <summary>The file is locked until it is closed, however the process ends.</summary>
    Taken,

    /// <summary>Another open file has it locked.</summary>
    HeldByAnother,

    /// <summary>The file system keeps no locks, as some network file systems do.</summary>
    NotSupported,
}

/// <summary>
/// Marks a file as being written, for others who ask: an advisory lock of the open file (<c>F_OFD_SETLK</c>). It keeps
/// no reader out, and lasts until the file is closed or the process is killed. The base library's own locks
/// (<see cref="FileShare"/>) would keep .NET's readers out.
/// </summary>
public static partial class FileLock
{
    const int SetLock = 37;
    const short WriteLock = 1;
    const short NoLock = 2;
    const int TryAgain = 11;
    const int AccessDenied = 13;

    /// <summary>Locks a file that is open for writing; never waits.</summary>
    public static FileLockResult TryTake(SafeFileHandle file)
    {
        var whole = new Request { Type = WriteLock };
        if (Control(file, SetLock, ref whole) == 0)
        {
            return FileLockResult.Taken;
        }

        return Marshal.GetLastPInvokeError() is TryAgain or AccessDenied
            ? FileLockResult.HeldByAnother
            : FileLockResult.NotSupported;
    }

    /// <summary>
    /// Unlocks a file that is about to be closed. Closing alone would leave it locked for as long as a process that is
    /// just being started has a copy of the handle.
    /// </summary>
    public static void Release(SafeFileHandle file)
    {
        var whole = new Request { Type = NoLock };
        _ = Control(file, SetLock, ref whole);
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, ref Request request);

    /// <summary>Represents the kernel's <c>struct flock</c>; a length of 0 is the whole file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Request
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }
}
