namespace ServeFlow.Flows;

/// <summary>
/// Is told by the flow table when a flow ends. Implemented by a struct, so that the calls are direct.
/// </summary>
public interface IFlowListener
{
    /// <summary>
    /// The flow ended at <paramref name="nowNs"/> (packet time); its entry is reused after this call.
    /// </summary>
    void Ended(int index, ref Flow flow, EndReason reason, long nowNs);

    /// <summary>
    /// The flow's sides are about to be exchanged, by a packet that is not counted yet: what was forward will be
    /// backward.
    /// </summary>
    void Turning(int index, ref Flow flow);
}
