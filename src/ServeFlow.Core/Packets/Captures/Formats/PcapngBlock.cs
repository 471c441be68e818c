using ServeFlow.Packets.Captures.Reading;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Type and length of a pcapng block, as its first eight bytes say.</summary>
readonly record struct PcapngBlock(uint Type, uint Length)
{
    /// <summary>Type, length and the length again; a block is never shorter.</summary>
    public const int MinLength = 12;

    /// <summary>A packet at the snap length cap with plenty of options. Other blocks may be longer.</summary>
    public const int MaxHeldLength = 1 << 19;

    public const uint InterfaceDescription = 1;
    public const uint OldPacket = 2;
    public const uint SimplePacket = 3;
    public const uint NameResolution = 4;
    public const uint InterfaceStatistics = 5;
    public const uint EnhancedPacket = 6;
    public const uint DecryptionSecrets = 10;
    public const uint Custom = 0x0000_0bad;
    public const uint CustomNotCopied = 0x4000_0bad;

    /// <summary>Secrets and name tables of a whole site stay far below; a longer one is damage.</summary>
    const uint MaxLength = 1 << 28;

    public static PcapngBlock Read(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        new(ByteOrder.Read32(bytes, bigEndian), ByteOrder.Read32(bytes[4..], bigEndian));

    /// <summary>
    /// Gets whether the length is possible: whole words, and long only where names, secrets or the like are.
    /// </summary>
    public bool IsPossible =>
        Length >= MinLength && Length % 4 == 0 && Length <= (Kind == SkippedBlock.Unknown ? MaxHeldLength : MaxLength);

    public bool IsKnown =>
        Type is EnhancedPacket or SimplePacket or OldPacket or PcapngSection.BlockType or InterfaceDescription ||
        Kind != SkippedBlock.Unknown;

    /// <summary>Gets what the block is counted as where it is skipped.</summary>
    public SkippedBlock Kind => Type switch
    {
        NameResolution => SkippedBlock.NameResolution,
        InterfaceStatistics => SkippedBlock.InterfaceStatistics,
        DecryptionSecrets => SkippedBlock.DecryptionSecrets,
        Custom or CustomNotCopied => SkippedBlock.Custom,
        _ => SkippedBlock.Unknown,
    };
}
