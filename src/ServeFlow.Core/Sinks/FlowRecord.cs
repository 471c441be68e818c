using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;

namespace ServeFlow.Sinks;

/// <summary>Names what a record tells.</summary>
public enum RecordKind : byte
{
    /// <summary>The record tells nothing; sinks never see it.</summary>
    None,

    /// <summary>The flow was decided.</summary>
    Prediction,

    /// <summary>The flow ended.</summary>
    End,
}

/// <summary>
/// Holds one event in a flow's life, by value: sinks may read it during the call and keep nothing of it.
/// </summary>
public struct FlowRecord
{
    public RecordKind Kind;

    /// <summary>Number of the plan whose answer it is, in <see cref="Cascade.ServedPlans"/>; 0 is the first.</summary>
    public ushort Model;

    /// <summary>The flow as it was at that moment.</summary>
    public Flow Flow;

    public TunnelInfo Tunnel;

    /// <summary>
    /// The answer. Of an ended flow only the label, its confidence, the tier, the reason and the packets used are
    /// known: a decided flow keeps no more.
    /// </summary>
    public Classification Classification;

    /// <summary>Holds why the flow ended; meaningless in a prediction.</summary>
    public EndReason EndReason;

    /// <summary>Packet time of the event, nanoseconds since the Unix epoch.</summary>
    public long TimestampNs;

    /// <summary>Number, in its capture, of the packet that brought the event about; 0 where it was none.</summary>
    public long PacketNumber;
}
