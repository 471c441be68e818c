namespace ServeFlow.Flows;

/// <summary>
/// Holds the key and hash of the flow that a packet belongs to, whether the table has that flow or not.
/// </summary>
public struct HashedFlowKey
{
    public FlowKey Key;

    /// <summary>Holds the table's keyed hash of <see cref="Key"/>.</summary>
    public ulong Hash;

    /// <summary>
    /// Holds the index of the flow that the packet most likely belongs to; −1 where there seems to be none, or where
    /// nobody has looked.
    /// </summary>
    public int Candidate;

    /// <summary>Tells whether the packet's sender is the key's low side.</summary>
    public bool SenderIsLow;
}
