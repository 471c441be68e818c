using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Sinks.Files;

/// <summary>
/// A file, device, pipe or standard output that is only ever added to, piece by piece. A piece is written whole or not
/// at all: where a disk is full in the middle of one, the file is cut back to where the piece began. A regular file has
/// one writer: it is locked while it is open.
/// </summary>
public sealed partial class AppendStream : WriteOnlyStream
{
    const int Interrupted = 4;
    const int TryAgain = 11;
    const int NoReader = 6;
    const int FromEnd = 2;
    const int WriteOnly = 1;
    const int NonBlocking = 0x800;
    const int CloseOnExec = 0x80000;

    readonly SafeFileHandle handle;

    /// <summary>Begins what is said of a failure; empty where whoever opened the file knows its name.</summary>
    readonly string place;

    AppendStream(SafeFileHandle handle, string place = "")
    {
        this.handle = handle;
        this.place = place;
        if (!FileStatus.IsRegular(handle))
        {
            return;
        }

        var result = FileLock.TryTake(handle);
        IsUnguarded = result == FileLockResult.NotSupported;
        if (result == FileLockResult.HeldByAnother)
        {
            handle.Dispose();
            throw new FileInUseException();
        }
    }

    /// <summary>
    /// Gets whether the file system keeps no locks, so that a second writer would not be noticed.
    /// </summary>
    public bool IsUnguarded { get; }

    /// <summary>Gets the number of bytes of the file; 0 for what has no length.</summary>
    public override long Length => Math.Max(0, Seek(handle, 0, FromEnd));

    /// <exception cref="FileInUseException">It leads to a file that another process adds to.</exception>
    public static AppendStream StandardOutput() => new(new SafeFileHandle(1, ownsHandle: false), "standard output: ");

    /// <summary>Opens or makes a file to add to.</summary>
    /// <exception cref="FileInUseException">Another process adds to it.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened.</exception>
    public static AppendStream Open(string path) => new(FileStatus.IsPipe(path)
        ? OpenPipe(path)
        : File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read));

    /// <exception cref="IOException">Nothing was written, or its reader is gone.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var start = Seek(handle, 0, FromEnd);
        for (var done = 0; done < buffer.Length;)
        {
            var written = Write(handle, buffer[done..], buffer.Length - done);
            if (written < 0 && !CanRetry(Marshal.GetLastPInvokeError()))
            {
                var error = Marshal.GetLastPInvokeError();
                TruncateTo(start);
                throw new IOException(place + Marshal.GetPInvokeErrorMessage(error), error);
            }

            done += (int)Math.Max(0, written);
        }
    }

    /// <summary>Writes all that the file holds to another one, also where its name has been removed.</summary>
    /// <exception cref="IOException">The other cannot be written.</exception>
    public void WriteAllTo(AppendStream other)
    {
        using var content = new FileStream($"/proc/self/fd/{handle.DangerousGetHandle()}", FileMode.Open,
            FileAccess.Read, FileShare.ReadWrite);
        content.CopyTo(other);
    }

    protected override void Dispose(bool disposing)
    {
        handle.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>An ordinary open would wait for a reader, deaf to all signals.</summary>
    static SafeFileHandle OpenPipe(string path)
    {
        var handle = OpenFile(path, WriteOnly | NonBlocking | CloseOnExec);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        var reason = error == NoReader ? "the pipe has no reader" : Marshal.GetPInvokeErrorMessage(error);
        throw new IOException(reason, error);
    }

    /// <summary>A signal came in between, or a pipe that does not wait is full: then this waits for it.</summary>
    static bool CanRetry(int error)
    {
        if (error == TryAgain)
        {
            Thread.Sleep(1);
        }

        return error is Interrupted or TryAgain;
    }

    void TruncateTo(long start)
    {
        if (start < 0)
        {
            return; // a pipe cannot take back
        }

        try
        {
            RandomAccess.SetLength(handle, start);
        }
        catch (Exception e) when (e.IsFileFailure || e is ArgumentException or NotSupportedException)
        {
            // a device: it has no length, and kept nothing
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int origin);
}
