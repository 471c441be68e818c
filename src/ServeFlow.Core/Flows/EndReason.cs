namespace ServeFlow.Flows;

/// <summary>Tells why a flow ended, in IPFIX's terms (information element 136, flowEndReason).</summary>
public enum EndReason
{
    IdleTimeout,
    ActiveTimeout,
    EndOfFlow,
    ForcedEnd,
    LackOfResources,
}
