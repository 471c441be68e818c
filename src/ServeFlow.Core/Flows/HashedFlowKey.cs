namespace ServeFlow.Flows;

/// <summary>What a packet's headers say about the flow that it belongs to, whether there is one or not.</summary>
public struct HashedFlowKey
{
    public FlowKey Key;

    /// <summary>The table's keyed hash of <see cref="Key"/>.</summary>
    public ulong Hash;

    /// <summary>Whether the packet's sender is the key's low side.</summary>
    public bool SenderIsLow;
}
