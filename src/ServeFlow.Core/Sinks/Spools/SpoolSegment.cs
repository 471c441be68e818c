using System.Buffers.Binary;
using System.Globalization;

namespace ServeFlow.Sinks.Spools;

/// <summary>
/// Represents one file of a spool: a header, then entries with consecutive sequence numbers. The file is named for
/// the first of them, so that names sort as the records do. The spool's gate guards what changes.
/// </summary>
/// <param name="path">The path of the file.</param>
/// <param name="first">The sequence number of its first entry.</param>
sealed class SpoolSegment(string path, long first)
{
    public const int HeaderLength = 32;
    const string Extension = ".spool";
    const int NameDigits = 20;

    public string Path => path;

    public long First { get; } = first;

    /// <summary>Gets the bytes that are known to be on the disk, those of the header included.</summary>
    public long Length { get; set; }

    /// <summary>Gets the sequence number after that of its last entry.</summary>
    public long Next { get; set; } = first;

    public static SpoolSegment Create(string folder, long first) => new(System.IO.Path.Combine(folder,
        first.ToString("D" + NameDigits, CultureInfo.InvariantCulture) + Extension), first);

    /// <summary>Lists the segments of a folder, oldest first; files of other names are left alone.</summary>
    public static List<SpoolSegment> List(string folder)
    {
        var segments = Directory.EnumerateFiles(folder, "*" + Extension)
            .Where(file => System.IO.Path.GetFileName(file).Length == NameDigits + Extension.Length)
            .Select(file => (file, isNumber: long.TryParse(System.IO.Path.GetFileNameWithoutExtension(file),
                NumberStyles.None, CultureInfo.InvariantCulture, out var number), number))
            .Where(found => found.isNumber)
            .Select(found => new SpoolSegment(found.file, found.number)
            {
                Length = new FileInfo(found.file).Length,
            })
            .OrderBy(segment => segment.First).ToList();
        for (var i = 0; i + 1 < segments.Count; i++)
        {
            segments[i].Next = segments[i + 1].First;
        }

        return segments;
    }

    /// <summary>Makes the header of a segment.</summary>
    /// <param name="spool">The number of the spool.</param>
    public byte[] CreateHeader(ulong spool)
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), spool);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), First);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), SpoolEntry.Checksum(header.AsSpan(0, 24)));
        return header;
    }

    /// <summary>Reads the number of the spool from the header; null where the header is damaged.</summary>
    public ulong? ReadSpool()
    {
        var header = new byte[HeaderLength];
        using var file = File.OpenHandle(path);
        return RandomAccess.Read(file, header, 0) == HeaderLength && header.AsSpan().StartsWith(Magic)
            && BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(24))
                == SpoolEntry.Checksum(header.AsSpan(0, 24))
            ? BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(8))
            : null;
    }

    static ReadOnlySpan<byte> Magic => "SFSPOOL1"u8;
}
