namespace ServeFlow.Flows;

/// <summary>
/// State of a TCP connection as seen on the way, in Suricata's words (<c>tcp.state</c> of EVE records).
/// </summary>
public enum TcpState : byte
{
    /// <summary>The flow is not TCP, or has had nothing but contradictory flags so far.</summary>
    None,
    SynSent,
    SynRecv,

    /// <summary>The handshake was completed, or the flow began in the middle of a connection.</summary>
    Established,

    /// <summary>The backward side has sent its FIN.</summary>
    FinWait1,

    /// <summary>The backward side's FIN was followed by an acknowledgement.</summary>
    FinWait2,

    /// <summary>The forward side has sent its FIN.</summary>
    CloseWait,

    /// <summary>Both sides have sent a FIN, the forward side first; the last acknowledgement is awaited.</summary>
    LastAck,

    /// <summary>Both sides have sent a FIN, the backward side first; the last acknowledgement is awaited.</summary>
    TimeWait,

    /// <summary>A RST was seen, or the acknowledgement of the second FIN.</summary>
    Closed,
}
