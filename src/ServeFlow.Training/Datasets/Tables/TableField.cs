namespace ServeFlow.Training.Datasets.Tables;

/// <summary>Names what is read of a table of flows, whatever its columns are called.</summary>
enum TableField
{
    Capture,
    Source,
    SourcePort,
    Destination,
    DestinationPort,
    Protocol,
    Label,

    /// <summary>The time of the flow's first packet.</summary>
    FirstTime,

    /// <summary>The time of the flow's last packet.</summary>
    LastTime,

    /// <summary>Seconds from the first packet to the last.</summary>
    Duration,

    CommunityId,

    /// <summary>CICFlowMeter's name of a flow, which spells the five-tuple.</summary>
    FlowId,

    /// <summary>The kind of an event in an EVE file.</summary>
    EventType,

    IcmpType,
    IcmpCode,
    SourceMac,
    DestinationMac,
}
