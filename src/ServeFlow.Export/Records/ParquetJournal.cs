using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Export.Records;

/// <summary>
/// The file <c>NAME.journal</c> beside a Parquet file that grows. It is locked as long as the run lives, so that a
/// second one is refused. Before the end of the file is written over, the new end stands here: a run that is killed
/// between leaves what the next one needs to put the file in order. At an orderly end it is removed.
/// </summary>
sealed class ParquetJournal : IDisposable
{
    /// <summary>The end of the journal's name.</summary>
    public const string Extension = ".journal";

    const int StartAt = 8;
    const int LengthAt = 16;
    const int HashAt = 24;
    const int HeaderLength = HashAt + SHA256.HashSizeInBytes;

    readonly string path;
    readonly SafeFileHandle handle;

    ParquetJournal(string path, SafeFileHandle handle) => (this.path, this.handle) = (path, handle);

    static ReadOnlySpan<byte> Magic => "SFPQJNL1"u8;

    /// <summary>
    /// Opens the journal of a file, and puts what a killed run left in order: its file is completed and gets the first
    /// free name, as this run will write one of its own.
    /// </summary>
    /// <param name="rescued">The name that the killed run's file got; null where there was none.</param>
    /// <exception cref="FileInUseException">Another run writes the file.</exception>
    /// <exception cref="IOException">The journal cannot be made, or is none.</exception>
    /// <exception cref="UnauthorizedAccessException">The journal cannot be made.</exception>
    public static ParquetJournal Open(string file, out string? rescued)
    {
        var path = file + Extension;
        while (true)
        {
            var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            try
            {
                if (FileLock.TryTake(handle) == FileLockResult.HeldByAnother)
                {
                    throw new FileInUseException();
                }

                if (FileStatus.IsAt(handle, path))
                {
                    rescued = Rescue(handle, path, file);
                    return new(path, handle);
                }

                handle.Dispose(); // another run ended and removed it
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }
    }

    /// <summary>Says that the file with the name is this run's, and keeps no end of it.</summary>
    public void Claim() => Write(0, []);

    /// <summary>Keeps the end that is about to be written into the file.</summary>
    public void Write(long start, ReadOnlySpan<byte> end)
    {
        RandomAccess.SetLength(handle, 0);
        RandomAccess.Write(handle, end, HeaderLength);
        RandomAccess.Write(handle, CreateHeader(start, end), 0);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>The file is complete.</summary>
    public void Remove()
    {
        File.Delete(path);
        Dispose();
    }

    public void Dispose() => handle.Dispose();

    static byte[] CreateHeader(long start, ReadOnlySpan<byte> end)
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(StartAt), start);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(LengthAt), end.Length);
        SHA256.HashData(end, header.AsSpan(HashAt));
        return header;
    }

    static string? Rescue(SafeFileHandle journal, string path, string file)
    {
        var header = new byte[HeaderLength];
        var length = RandomAccess.Read(journal, header, 0);
        if (length > 0 && !header.AsSpan().StartsWith(Magic[..Math.Min(length, Magic.Length)]))
        {
            throw new IOException($"{Path.GetFileName(path)} beside it is no journal of a Parquet file; move it away");
        }

        var isClaimed = length == HeaderLength;
        if (isClaimed && File.Exists(file))
        {
            Redo(journal, header, file);
        }

        RandomAccess.SetLength(journal, 0);
        return isClaimed && File.Exists(file) ? MoveToFreeName(file) : null;
    }

    /// <summary>Writes the end that the journal holds whole; one that is cut never reached the file.</summary>
    static void Redo(SafeFileHandle journal, ReadOnlySpan<byte> header, string file)
    {
        var start = BinaryPrimitives.ReadInt64LittleEndian(header[StartAt..]);
        var length = BinaryPrimitives.ReadInt64LittleEndian(header[LengthAt..]);
        if (length is <= 0 or > int.MaxValue || RandomAccess.GetLength(journal) != HeaderLength + length)
        {
            return;
        }

        var end = new byte[length];
        RandomAccess.Read(journal, end, HeaderLength);
        if (SHA256.HashData(end).AsSpan().SequenceEqual(header.Slice(HashAt, SHA256.HashSizeInBytes)))
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            RandomAccess.Write(handle, end, start);
            RandomAccess.SetLength(handle, start + length);
        }
    }

    static string MoveToFreeName(string file)
    {
        var stem = Path.Combine(Path.GetDirectoryName(file) ?? "", Path.GetFileNameWithoutExtension(file));
        for (var i = 2; ; i++)
        {
            var name = $"{stem}-{i}{Path.GetExtension(file)}";
            if (!File.Exists(name))
            {
                File.Move(file, name, overwrite: false);
                return name;
            }
        }
    }
}
