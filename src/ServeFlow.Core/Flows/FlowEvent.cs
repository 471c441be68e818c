namespace ServeFlow.Flows;

/// <summary>Odd things that the flow table saw and went on from. Each is counted.</summary>
public enum FlowEvent
{
    /// <summary>A packet was older than one before it; it was counted at the table's time.</summary>
    ClockBackwards,

    /// <summary>A packet's time was wrong, as the packets around it show; it took its neighbour's.</summary>
    ClockOutlier,

    /// <summary>The clock was set: all flows ended, and time began anew.</summary>
    ClockStep,

    /// <summary>A flow began with a TCP packet other than a SYN.</summary>
    TcpWithoutSyn,

    /// <summary>A flow began with the answer to a SYN: the answer's receiver is the forward side.</summary>
    SynAckFirst,

    /// <summary>
    /// A flow that had begun in the middle showed a handshake which made the other side the forward one.
    /// </summary>
    SidesTurned,

    /// <summary>A SYN on a connection that was closing or closed began a new flow.</summary>
    TupleReused,

    /// <summary>A further SYN from the same side in an open connection; it stays in the flow.</summary>
    SynRepeated,

    /// <summary>A packet of a connection that was over already, but for its last acknowledgement.</summary>
    PacketAfterClose,

    /// <summary>SYN with FIN, SYN or FIN with RST, or no flag at all.</summary>
    ContradictoryTcpFlags,

    /// <summary>The capture shows a packet a second time; it was counted into its flow again.</summary>
    DuplicatePacket,

    /// <summary>The table was full, and emergency mode began.</summary>
    EmergencyBegan,

    /// <summary>Emergency mode ended: enough of the table is free again.</summary>
    EmergencyEnded,
}
