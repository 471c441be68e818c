namespace ServeFlow.Flows;

/// <summary>
/// Names a flow's outcome in the words of Zeek's <c>conn_state</c> column. Originator is the flow's forward side: the
/// first packet's sender, or the receiver of the SYN-ACK that a flow begins with. Unlike Zeek, ports never decide.
/// </summary>
public static class ConnState
{
    public static string FromFlow(in Flow flow) => flow.Key.Protocol switch
    {
        IpProtocol.Tcp => FromTcp(flow.History),
        IpProtocol.Udp => flow.PacketsBackward > 0 ? "SF" : "S0",
        _ => "OTH",
    };

    /// <summary>
    /// SF both sides' FIN · REJ a SYN answered by RST · RSTO, RSTR, RSTOS0, RSTRH a RST by originator or responder,
    /// with or without the other side's SYN · S2, S3, SH, SHR the same for a lone FIN · S0 a SYN without an answer ·
    /// S1 SYN and SYN-ACK, still open · OTH begun in the middle.
    /// </summary>
    static string FromTcp(FlowHistory history)
    {
        var (originator, responder) = (new Side(history, forward: true), new Side(history, forward: false));
        return (originator, responder) switch
        {
            ({ Finished: true }, { Finished: true }) => "SF",
            (_, { Reset: true }) => FromReset(originator, responder),
            ({ Reset: true }, _) => responder.Opened ? "RSTO" : "RSTOS0",
            ({ Finished: true }, _) => responder.Opened ? "S2" : "SH",
            (_, { Finished: true }) => originator.Opened ? "S3" : "SHR",
            ({ Opened: true }, { Opened: true }) => "S1",
            ({ Opened: true }, { SentAny: false }) => "S0",
            _ => "OTH",
        };
    }

    static string FromReset(in Side originator, in Side responder) =>
        !originator.Opened ? "RSTRH" : responder.Opened ? "RSTR" : "REJ";

    /// <summary>Summarises what one side of a connection did.</summary>
    readonly struct Side(FlowHistory history, bool forward)
    {
        /// <summary>It sent a SYN, with or without ACK.</summary>
        public bool Opened { get; } =
            history.Has(FlowHistory.Syn, forward) || history.Has(FlowHistory.SynAck, forward);

        public bool Finished { get; } = history.Has(FlowHistory.Fin, forward);

        public bool Reset { get; } = history.Has(FlowHistory.Rst, forward);

        public bool SentAny { get; } = history.HasAny(forward);
    }
}
