namespace ServeFlow.Packets.Captures.Reading;

/// <summary>Names blocks of pcapng and records of ERF without packets, which are passed over and counted.</summary>
public enum SkippedBlock
{
    NameResolution,
    InterfaceStatistics,
    DecryptionSecrets,
    Custom,

    /// <summary>A record of ERF that holds counters, metadata or padding.</summary>
    Metadata,

    /// <summary>The block is of a type that this reader does not know.</summary>
    Unknown,
}
