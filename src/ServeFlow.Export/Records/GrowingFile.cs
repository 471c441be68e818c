using Microsoft.Win32.SafeHandles;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Export.Records;

/// <summary>
/// A file whose end is written over, with a journal against being killed between. Space is reserved first: a full disk
/// leaves the file as it is.
/// </summary>
sealed class GrowingFile : IDisposable
{
    readonly SafeFileHandle handle;

    GrowingFile(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Makes a file with its first content, in place of one of the name.</summary>
    public static GrowingFile Create(string path, ReadOnlySpan<byte> content, ParquetJournal journal)
    {
        var (temporary, file) = PartialName.Open(path, OpenPartial);
        try
        {
            file.Write(0, content);
            journal.Claim();
            File.Move(temporary, path, overwrite: true);
            return file;
        }
        catch
        {
            file.Dispose();
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Gets whether a path leads to the file.</summary>
    public bool IsAt(string path) => FileStatus.IsAt(handle, path);

    /// <summary>Replaces all from an offset on.</summary>
    public void Replace(long start, ReadOnlySpan<byte> end, ParquetJournal journal)
    {
        FileSpace.Reserve(handle, start, end.Length);
        journal.Write(start, end);
        Write(start, end);
        journal.Claim();
    }

    public void Dispose() => handle.Dispose();

    void Write(long start, ReadOnlySpan<byte> end)
    {
        RandomAccess.Write(handle, end, start);
        RandomAccess.SetLength(handle, start + end.Length);
        RandomAccess.FlushToDisk(handle);
    }

    static GrowingFile OpenPartial(string name)
    {
        var handle = File.OpenHandle(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite);
        FileLock.TryTake(handle);
        return new(handle);
    }
}
