using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Sinks.Spools;

/// <summary>
/// Keeps how far a spool has been delivered, in a file with two places that are written in turn: where a write is torn,
/// the place before it still holds. The file is locked as long as it is open, so that a spool has one owner.
/// </summary>
sealed class SpoolPosition : IDisposable
{
    public const string FileName = "position";

    /// <summary>Keeps the two places in sectors of their own.</summary>
    const int PlaceDistance = 4096;

    const int PlaceLength = 36;

    readonly SafeFileHandle file;
    readonly byte[] place = new byte[PlaceLength];
    ulong generation;

    /// <exception cref="FileInUseException">Another process has the spool.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened.</exception>
    public SpoolPosition(string folder)
    {
        file = File.OpenHandle(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite,
            FileShare.ReadWrite);
        if (FileLock.TryTake(file) == FileLockResult.HeldByAnother)
        {
            file.Dispose();
            throw new FileInUseException();
        }

        Read(0);
        Read(PlaceDistance);
    }

    /// <summary>Gets the number of the spool; 0 where neither place can be read.</summary>
    public ulong Spool { get; private set; }

    /// <summary>Gets the sequence number after the last record that was acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Gets whether the file has something in it that cannot be read.</summary>
    public bool IsDamaged => Spool == 0 && RandomAccess.GetLength(file) > 0;

    /// <summary>Writes a position, which survives the process from then on.</summary>
    public void Write(ulong spool, long acknowledged)
    {
        (Spool, Acknowledged) = (spool, acknowledged);
        generation++;
        Magic.CopyTo(place);
        BinaryPrimitives.WriteUInt64LittleEndian(place.AsSpan(8), spool);
        BinaryPrimitives.WriteInt64LittleEndian(place.AsSpan(16), acknowledged);
        BinaryPrimitives.WriteUInt64LittleEndian(place.AsSpan(24), generation);
        BinaryPrimitives.WriteUInt32LittleEndian(place.AsSpan(32), SpoolEntry.Checksum(place.AsSpan(0, 32)));
        RandomAccess.Write(file, place, (long)(generation % 2) * PlaceDistance);
    }

    /// <summary>Makes what was written survive the machine too.</summary>
    public void Sync() => RandomAccess.FlushToDisk(file);

    public void Dispose()
    {
        if (!file.IsClosed)
        {
            FileLock.Release(file);
            file.Dispose();
        }
    }

    static ReadOnlySpan<byte> Magic => "SFSPOOLP"u8;

    void Read(long at)
    {
        var found = new byte[PlaceLength];
        if (RandomAccess.Read(file, found, at) < PlaceLength || !found.AsSpan().StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(found.AsSpan(32)) != SpoolEntry.Checksum(found.AsSpan(0, 32))
            || BinaryPrimitives.ReadUInt64LittleEndian(found.AsSpan(24)) is var number && number < generation)
        {
            return;
        }

        generation = number;
        Spool = BinaryPrimitives.ReadUInt64LittleEndian(found.AsSpan(8));
        Acknowledged = BinaryPrimitives.ReadInt64LittleEndian(found.AsSpan(16));
    }
}
