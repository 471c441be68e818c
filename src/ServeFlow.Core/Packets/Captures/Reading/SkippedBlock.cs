namespace ServeFlow.Packets.Captures.Reading;

/// <summary>pcapng blocks without packets, which are passed over and counted.</summary>
public enum SkippedBlock
{
    NameResolution,
    InterfaceStatistics,
    DecryptionSecrets,
    Custom,

    /// <summary>The block is of a type that this reader does not know.</summary>
    Unknown,
}
