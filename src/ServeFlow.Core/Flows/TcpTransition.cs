namespace ServeFlow.Flows;

/// <summary>
/// Finds the state of a connection after a packet. Flags alone decide: sequence numbers are not followed.
/// </summary>
static class TcpTransition
{
    /// <param name="flags">The packet's TCP flags.</param>
    /// <param name="forward">Whether the flow's first sender sent it.</param>
    public static TcpState After(TcpState state, byte flags, bool forward)
    {
        if (state == TcpState.Closed || (flags & TcpFlags.Rst) != 0)
        {
            return TcpState.Closed;
        }

        if ((flags & TcpFlags.Fin) != 0)
        {
            return AfterFin(state, forward);
        }

        if ((flags & TcpFlags.Syn) != 0)
        {
            return AfterSyn(state, (flags & TcpFlags.Ack) != 0);
        }

        return (flags & TcpFlags.Ack) != 0 ? AfterAck(state, forward) : state;
    }

    static TcpState AfterFin(TcpState state, bool forward) => state switch
    {
        TcpState.CloseWait => forward ? state : TcpState.LastAck,
        TcpState.FinWait1 or TcpState.FinWait2 => forward ? TcpState.TimeWait : state,
        TcpState.LastAck or TcpState.TimeWait => state,
        _ => forward ? TcpState.CloseWait : TcpState.FinWait1,
    };

    static TcpState AfterSyn(TcpState state, bool answers) => state switch
    {
        TcpState.None when !answers => TcpState.SynSent,
        TcpState.None or TcpState.SynSent when answers => TcpState.SynRecv,
        _ => state,
    };

    static TcpState AfterAck(TcpState state, bool forward) => state switch
    {
        TcpState.None or TcpState.SynSent or TcpState.SynRecv => TcpState.Established,
        TcpState.FinWait1 when forward => TcpState.FinWait2,
        TcpState.LastAck when forward => TcpState.Closed,
        TcpState.TimeWait when !forward => TcpState.Closed,
        _ => state,
    };
}
