using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>
/// One flow as the table holds it: key, counters, TCP state and the timer links. At most 128 bytes (tested).
/// Forward is from the first packet's sender. Fields are written by the table alone,
/// except <see cref="Slot"/> and <see cref="Tag"/>, which belong to whoever owns the table.
/// </summary>
public struct Flow
{
    public FlowKey Key;
    public long FirstNs;
    public long LastNs;
    public uint PacketsForward;
    public uint PacketsBackward;

    /// <summary>Bytes on the wire from the link-layer header on (original lengths), per direction.</summary>
    public long BytesForward;

    /// <inheritdoc cref="BytesForward"/>
    public long BytesBackward;

    /// <summary>The owner's index of what it keeps for an undecided flow; −1 where nothing is kept.</summary>
    public int Slot;

    /// <summary>The owner's eight bytes for a decided flow.</summary>
    public ulong Tag;

    public bool ForwardIsLow;

    public readonly IpAddress Source => ForwardIsLow ? Key.LowAddress : Key.HighAddress;

    public readonly IpAddress Destination => ForwardIsLow ? Key.HighAddress : Key.LowAddress;

    public readonly ushort SourcePort => ForwardIsLow ? Key.LowPort : Key.HighPort;

    public readonly ushort DestinationPort => ForwardIsLow ? Key.HighPort : Key.LowPort;
}
