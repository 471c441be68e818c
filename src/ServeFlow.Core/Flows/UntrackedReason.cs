namespace ServeFlow.Flows;

/// <summary>Why a decoded packet belongs to no flow. Each is counted.</summary>
public enum UntrackedReason
{
    /// <summary>A fragment other than the first has no ports.</summary>
    LaterFragment,

    /// <summary>The TCP, UDP or ICMP header was not captured.</summary>
    TransportHeaderCut,
}
