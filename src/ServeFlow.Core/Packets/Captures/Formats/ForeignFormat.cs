namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Names formats that are not read and may well hold packets, so that a user learns what to do.</summary>
/// <param name="Magic">The bytes that a file of it begins with.</param>
/// <param name="At">Where they stand.</param>
/// <param name="Name">What a user calls it, with its article.</param>
/// <param name="Remedy">What makes a capture of it.</param>
sealed record ForeignFormat(byte[] Magic, int At, string Name, string Remedy)
{
    const string Unpack = "unpack it first";
    const string Convert = "convert it with 'editcap FILE FILE.pcapng'";

    /// <summary>The header of a tar archive's first file, whose magic stands last.</summary>
    public const int MaxLength = 512;

    static readonly ForeignFormat[] Known =
    [
        new([.. "PK\u0003\u0004"u8], 0, "a ZIP archive", Unpack) { IsArchive = true },
        new([.. "Rar!"u8], 0, "a RAR archive", Unpack) { IsArchive = true },
        new([.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c], 0, "a 7-Zip archive", Unpack) { IsArchive = true },
        new([.. "ustar"u8], 257, "a tar archive", Unpack) { IsArchive = true },
        new([0x1f, 0x9d], 0, "compressed with 'compress'", "unpack it first, with 'gzip -d'") { IsArchive = true },
        new([0x5d, 0, 0], 0, "compressed in lzma's old format", "unpack it first, with 'xz -d'") { IsArchive = true },
        new([0x89, .. "LZO"u8], 0, "compressed with lzop", "unpack it first, with 'lzop -d'") { IsArchive = true },
        new([.. "RTSS"u8], 0, "a capture of Network Monitor 1", Convert),
        new([.. "GMBU"u8], 0, "a capture of Network Monitor 2", Convert),
        new([.. "XCP\0"u8], 0, "a capture of NetXRay or Windows Sniffer", Convert),
        new([.. "TRSNIFF data    \u001a"u8], 0, "a capture of DOS Sniffer", Convert),
        new([.. "ObserverPktBuffe"u8], 0, "a capture of Observer", Convert),
        new([.. "\u007fver"u8], 0, "a capture of EtherPeek or OmniPeek", Convert),
        new([0xaa, 0xaa, 0xaa, 0xaa], 0, "a capture of 5View", Convert),
        new([0, 0, 2, 0, 0x12, 0x05, 0, 0x10], 0, "a capture of K12", Convert),
        new([.. "+---------+"u8], 0, "a capture of K12 as text", Convert),
        new([1, 0x10, 0x4c, 0], 0, "a capture of LANalyzer", Convert),
        new([.. "\u0005VNF"u8], 0, "a capture of Visual Networks", Convert),
        new([.. "TR\0d"u8], 0, "a trace of nettl", Convert),
    ];

    /// <summary>Gets whether it holds files; it is then none of a capture unless its name says so.</summary>
    public bool IsArchive { get; init; }

    /// <summary>Finds the format of a file that is no capture; null where it is none of these.</summary>
    /// <param name="start">The first bytes, up to <see cref="MaxLength"/>.</param>
    public static ForeignFormat? Find(ReadOnlySpan<byte> start)
    {
        foreach (var format in Known)
        {
            if (start.Length >= format.At && start[format.At..].StartsWith(format.Magic))
            {
                return format;
            }
        }

        return null;
    }
}
